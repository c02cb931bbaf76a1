using System.Text;
using System.Text.Json;

namespace LlmGateway.StructuredOutput;

/// <summary>The text of an answer in its wrapper that is not whole, so that it can't be read as JSON.</summary>
internal static class WrappedText
{
    /// <summary>What stands in the wrapper, as far as it has come; the text itself where it does not begin with one.</summary>
    public static string Inner(string text)
    {
        var start = text.IndexOf('{', StringComparison.Ordinal);
        if (start < 0 || !IsBefore(text.AsSpan(0, start))) return text;
        var bytes = Encoding.UTF8.GetBytes(text[start..]);
        var json = new Utf8JsonReader(bytes, isFinalBlock: false, default);
        try
        {
            if (!json.Read() || !json.Read() || json.TokenType != JsonTokenType.PropertyName || !json.ValueTextEquals(OutputContract.WrapperMember)) return text;
            var from = (int)json.BytesConsumed;
            var to = json.Read() && json.TrySkip() ? (int)json.BytesConsumed : bytes.Length;
            return Encoding.UTF8.GetString(bytes, from, to - from).TrimStart();
        }
        catch (JsonException)
        {
            return text;
        }
    }

    /// <summary>Nothing, or what opens a block of code.</summary>
    private static bool IsBefore(ReadOnlySpan<char> text) => text.Trim() is [] or "```" or "```json";
}
