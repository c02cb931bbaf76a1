using System.Text.Json;
using Microsoft.Extensions.AI;

namespace LlmGateway.ExtensionsAI;

/// <summary>Parts of messages in both forms. What the gateway made goes back as the part that it was.</summary>
internal static class Contents
{
    /// <exception cref="NotSupportedException">The content is of a kind that no vendor can be told.</exception>
    public static LlmPart ToPart(AIContent content) => content switch
    {
        { RawRepresentation: RawPart raw } => raw,
        TextReasoningContent { RawRepresentation: ThinkingPart thinking } reasoning when thinking.Text == reasoning.Text => thinking,
        TextReasoningContent reasoning => ProtectedThought.Read(reasoning.Text, reasoning.ProtectedData),
        TextContent { RawRepresentation: TextPart known } text when known.Text == text.Text => known,
        TextContent text => new TextPart(text.Text),
        DataContent data => Media(MediaSource.FromBase64(data.Base64Data.ToString(), data.MediaType), data.MediaType, data.Name),
        UriContent uri => Media(MediaSource.FromUrl(uri.Uri.OriginalString, uri.MediaType), uri.MediaType, null),
        HostedFileContent file => Media(MediaSource.FromFile(file.FileId, file.MediaType), file.MediaType ?? "", file.Name),
        FunctionCallContent { RawRepresentation: ToolCallPart known } => known,
        FunctionCallContent call => new ToolCallPart(call.CallId, call.Name, Arguments(call)),
        FunctionResultContent result => Result(result),
        ErrorContent { ErrorCode: "Refusal" } refusal => new RefusalPart(refusal.Message ?? ""),
        _ => throw new NotSupportedException($"A {content.GetType().Name} in a message cannot be passed on to a model. Leave it out, or turn it into text."),
    };

    public static AIContent ToContent(LlmPart part) => part switch
    {
        TextPart text => new TextContent(text.Text) { RawRepresentation = text, Annotations = Citations(text) },
        ThinkingPart thinking => new TextReasoningContent(thinking.Text) { RawRepresentation = thinking, ProtectedData = ProtectedThought.Write(thinking.Signature, thinking.EncryptedContent, thinking.Origin, thinking.Extensions) },
        RefusalPart refusal => new ErrorContent(refusal.Text) { ErrorCode = "Refusal", RawRepresentation = refusal },
        ToolCallPart call => Call(call),
        ToolResultPart result => new FunctionResultContent(result.CallId, result.Parts.All(p => p is TextPart) ? result.Content : result.Parts.Select(ToContent).ToList())
        {
            Exception = result.IsError ? new InvalidOperationException(result.Content) : null,
            RawRepresentation = result,
        },
        ImagePart image => Data(image.Source, "image/png"),
        AudioPart audio => Data(audio.Source, "audio/wav"),
        VideoPart video => Data(video.Source, "video/mp4"),
        DocumentPart { Source.Text: { } plain } => new TextContent(plain),
        DocumentPart document => Data(document.Source, "application/pdf", document.Name),
        _ => new AIContent { RawRepresentation = part },
    };

    public static FunctionCallContent Call(ToolCallPart call)
    {
        var content = FunctionCallContent.CreateFromParsedArguments(call.ArgumentsJson.Length == 0 ? "{}" : call.ArgumentsJson, call.Id, call.Name, static text => (IDictionary<string, object?>?)JsonSerializer.Deserialize(text, AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(IDictionary<string, object?>))));
        content.RawRepresentation = call;
        return content;
    }

    /// <summary>Any value as the JSON that the abstractions write it as.</summary>
    public static string ToJson(object value) => JsonSerializer.Serialize(value, AIJsonUtilities.DefaultOptions.GetTypeInfo(value.GetType()));

    private static string Arguments(FunctionCallContent call)
        => call.Arguments is { } arguments ? JsonSerializer.Serialize(arguments, AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(IDictionary<string, object?>))) : "{}";

    private static ToolResultPart Result(FunctionResultContent result)
    {
        if (result.RawRepresentation is ToolResultPart known) return known;
        var isError = result.Exception is not null;
        return result.Result switch
        {
            null => new ToolResultPart(result.CallId, result.Exception?.Message ?? "", isError),
            string text => new ToolResultPart(result.CallId, text, isError),
            JsonElement { ValueKind: JsonValueKind.String } json => new ToolResultPart(result.CallId, json.GetString()!, isError),
            JsonElement json => new ToolResultPart(result.CallId, json.GetRawText(), isError),
            AIContent content => new ToolResultPart(result.CallId, [ToPart(content)], isError),
            IEnumerable<AIContent> contents => new ToolResultPart(result.CallId, contents.Select(ToPart), isError),
            var other => new ToolResultPart(result.CallId, ToJson(other), isError),
        };
    }

    private static LlmPart Media(MediaSource source, string type, string? name)
    {
        if (type.StartsWith("image/", StringComparison.OrdinalIgnoreCase)) return new ImagePart(source);
        if (type.StartsWith("audio/", StringComparison.OrdinalIgnoreCase)) return new AudioPart(source);
        if (type.StartsWith("video/", StringComparison.OrdinalIgnoreCase)) return new VideoPart(source);
        return new DocumentPart(source) { Name = name };
    }

    private static AIContent Data(MediaSource source, string usualType, string? name = null)
    {
        if (source.Base64 is { } data) return new DataContent($"data:{source.MediaType ?? usualType};base64,{data}") { Name = name };
        if (source.FileId is { } id) return new HostedFileContent(id) { MediaType = source.MediaType, Name = name };
        return new UriContent(source.Url!, source.MediaType ?? usualType);
    }

    private static List<AIAnnotation>? Citations(TextPart text) => text.Citations.Count == 0
        ? null
        : [.. text.Citations.Select(citation => new CitationAnnotation
        {
            Title = citation.Title,
            Url = Uri.TryCreate(citation.Url, UriKind.Absolute, out var url) ? url : null,
            Snippet = citation.CitedText,
            RawRepresentation = citation,
        })];
}
