using System.Globalization;
using System.Text.Json;
using LlmGateway.Providers.Simulated.Facts;
using LlmGateway.Providers.Simulated.Schemas;

namespace LlmGateway.Providers.Simulated;

/// <summary>Decides what kind of answer a request wants, and makes it.</summary>
internal static class SimulatedAnswer
{
    private const int QuotedCharacters = 80;
    private const int CharactersPerToken = 4;

    public static LlmReply To(LlmRequest request, CancellationToken cancellationToken)
    {
        if (request.MaxTokens < 1) throw Invalid(string.Create(CultureInfo.InvariantCulture, $"The answer's limit must be 1 token or more, and is {request.MaxTokens}. Give a higher one, or none."));
        var room = (long)(request.MaxTokens ?? int.MaxValue) * CharactersPerToken;
        var part = ForcedTool(request) is { } tool ? Call(tool, request, cancellationToken)
            : request.OutputSchema is { } schema ? new TextPart(Fill(schema.Name, schema.Schema, request, cancellationToken))
            : (LlmPart)new TextPart(Sentence(request));
        var answer = part is ToolCallPart call ? call.ArgumentsJson : ((TextPart)part).Text;
        var finish = part is ToolCallPart ? FinishReason.ToolCalls : FinishReason.Stop;
        if (answer.Length > room)
        {
            answer = Cut(answer, (int)room);
            part = part is ToolCallPart whole ? whole with { ArgumentsJson = answer } : new TextPart(answer);
            finish = FinishReason.Length;
        }

        return new LlmReply
        {
            Parts = [part],
            Model = SimulatedProvider.ProviderName,
            FinishReason = finish,
            Usage = new TokenUsage { InputTokens = Tokens(PromptText.Length(request)), OutputTokens = Tokens(answer.Length) },
        };
    }

    /// <summary>The tool that must be called, as a vendor would: a forced call is made even after the tool's results.</summary>
    private static LlmTool? ForcedTool(LlmRequest request) => request.ToolChoice switch
    {
        { Mode: LlmToolChoiceMode.Required } => request.Tools.Count > 0
            ? request.Tools[0]
            : throw Invalid("A tool call is required, and the request has no tools. Give one, or let the choice be automatic."),
        { Mode: LlmToolChoiceMode.Named, ToolName: var name } => request.Tools.FirstOrDefault(tool => tool.Name == name)
            ?? throw Invalid($"The tool '{name}' must be called, and is not among the request's {request.Tools.Count} tools. Add it, or name one of them."),
        _ => null,
    };

    private static ToolCallPart Call(LlmTool tool, LlmRequest request, CancellationToken cancellationToken)
    {
        var earlier = request.Messages.Sum(message => message.Parts.Count(part => part is ToolCallPart));
        return new ToolCallPart($"simulated_call_{earlier + 1}", tool.Name, Fill(tool.Name, tool.Parameters, request, cancellationToken));
    }

    private static string Fill(string name, JsonElement schema, LlmRequest request, CancellationToken cancellationToken)
    {
        try
        {
            var facts = PromptFacts.Read(PromptText.Of(request), cancellationToken);
            // .NET's TimeOnly, which a typed call ends in, refuses the offset that RFC 3339 demands of a time.
            return new SchemaFiller(schema, facts, localTimes: request.OutputType is not null, cancellationToken).Fill(name);
        }
        catch (UnfillableSchemaException e)
        {
            throw Invalid($"The simulated provider cannot make a value for '{(e.Pointer.Length == 0 ? "(root)" : e.Pointer)}' of '{name}': {e.Message} Change the schema there.");
        }
    }

    private static string Sentence(LlmRequest request)
    {
        var asked = PromptText.LastAsked(request).ReplaceLineEndings(" ").Trim();
        var quoted = asked.Length <= QuotedCharacters ? asked : Cut(asked, QuotedCharacters) + "…";
        return $"Simulated answer (no model was called) to: \"{quoted}\"";
    }

    private static string Cut(string text, int length) =>
        text[..(length > 0 && char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];

    private static long Tokens(long characters) => (characters + CharactersPerToken - 1) / CharactersPerToken;

    private static ProviderException Invalid(string message) => new(SimulatedProvider.ProviderName, ProviderErrorKind.InvalidRequest, message);
}
