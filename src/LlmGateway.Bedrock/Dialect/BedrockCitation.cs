using System.Buffers;
using System.Text;
using System.Text.Json;

namespace LlmGateway.Dialects.Bedrock;

/// <summary>Citations of other vendors in Converse's form: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Citation.html.</summary>
internal static class BedrockCitation
{
    private const string Name = BedrockDialect.DialectName;

    /// <summary>The citation with its JSON in this dialect.</summary>
    public static Citation Own(Citation citation, List<string> losses)
    {
        if (citation.Raw?.Dialect == Name) return citation;
        if (citation.StartIndex is not null || citation.EndIndex is not null) losses.NoPlace("place of a citation in the answer", Name);
        if (citation.Raw is { } foreign) losses.Once($"what {foreign.Dialect}'s citations say beyond address, title and words was left out: the {Name} dialect has no place for it.");
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, JsonWrite.Options))
        {
            json.WriteStartObject();
            if (citation.Title is { } title) json.WriteString("title"u8, title);
            if (citation.CitedText is { } words)
            {
                json.WriteStartArray("sourceContent"u8);
                json.WriteStartObject();
                json.WriteString("text"u8, words);
                json.WriteEndObject();
                json.WriteEndArray();
            }

            if (citation.Url is { } url)
            {
                json.WriteStartObject("location"u8);
                json.WriteStartObject("web"u8);
                json.WriteString("url"u8, url);
                json.WriteEndObject();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        return citation with { Raw = new RawPart(Name, Encoding.UTF8.GetString(buffer.WrittenSpan)) };
    }
}
