using System.Text.Json;

namespace LlmGateway.Dialects.Bedrock;

/// <summary>Writes a part that came whole as the events of a stream: an image, or a call or result of a tool of the vendor's.</summary>
/// <param name="losses">The losses so far.</param>
/// <param name="block">Writes an event of the open block: its type, and its members.</param>
internal sealed class BedrockWholeBlock(List<string> losses, Action<string, Action<Utf8JsonWriter>> block)
{
    private const string Name = BedrockDialect.DialectName;

    public void Write(LlmPart part)
    {
        if (part is ImagePart image) WriteImage(image);
        else if (part is RawPart raw) WriteRaw(raw);
    }

    private void WriteImage(ImagePart image)
    {
        if (BedrockMedia.FormatOf("image", image.Source) is not { } format || image.Source.Base64 is not { } bytes)
        {
            losses.NoPlace("an image that is not given by its bytes, in a stream", Name);
            return;
        }

        losses.Own(image.Extensions, Name, "content[].image");
        Start("image", json => json.WriteString("format"u8, format));
        Delta("image", json =>
        {
            json.WriteStartObject();
            json.WriteStartObject("source"u8);
            json.WriteString("bytes"u8, bytes);
            json.WriteEndObject();
            json.WriteEndObject();
        });
    }

    private void WriteRaw(RawPart raw)
    {
        using var document = Parse(raw);
        var root = document.RootElement;
        if (root.Object("toolUse"u8) is { } call && call.TryGetProperty("input"u8, out var input))
        {
            var text = input.GetRawText();
            Start("toolUse", json => WriteAllBut(json, call, "input"));
            Delta("toolUse", json =>
            {
                json.WriteStartObject();
                json.WriteString("input"u8, text);
                json.WriteEndObject();
            });
        }
        else if (root.Object("toolResult"u8) is { } result && result.Member("content"u8, JsonValueKind.Array) is { } content)
        {
            Start("toolResult", json => WriteAllBut(json, result, "content"));
            Delta("toolResult", json => json.WriteRawValue(content.GetRawText()));
        }
        else
        {
            losses.NoPlace("a raw part in a stream", Name);
        }
    }

    private static JsonDocument Parse(RawPart raw)
    {
        try
        {
            return JsonDocument.Parse(raw.Json);
        }
        catch (JsonException e)
        {
            throw new DialectException(ProviderErrorKind.InvalidRequest, "A raw part cannot be sent: it is not JSON.", innerException: e);
        }
    }

    private static void WriteAllBut(Utf8JsonWriter json, JsonElement element, string left)
    {
        foreach (var member in element.EnumerateObject())
        {
            if (member.Name == left) continue;
            json.WritePropertyName(member.Name);
            json.WriteRawValue(member.Value.GetRawText());
        }
    }

    private void Start(string kind, Action<Utf8JsonWriter> members) => block("contentBlockStart", json =>
    {
        json.WriteStartObject("start"u8);
        json.WriteStartObject(kind);
        members(json);
        json.WriteEndObject();
        json.WriteEndObject();
    });

    private void Delta(string kind, Action<Utf8JsonWriter> value) => block("contentBlockDelta", json =>
    {
        json.WriteStartObject("delta"u8);
        json.WritePropertyName(kind);
        value(json);
        json.WriteEndObject();
    });
}
