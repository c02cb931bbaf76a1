using System.Globalization;

namespace LlmGateway.StructuredOutput.Streaming;

/// <summary>What stands between the quotes of a JSON string.</summary>
internal static class PartialText
{
    /// <summary>The text; without the first half of a character whose second half has not come.</summary>
    /// <param name="raw">Valid up to its end, which is not within an escape sequence.</param>
    /// <param name="isWhole">Whether the string has been closed.</param>
    public static string Decode(ReadOnlySpan<char> raw, bool isWhole)
    {
        if (!raw.Contains('\\')) return new string(isWhole ? raw : WithoutHalf(raw));
        var text = new char[raw.Length];
        var length = 0;
        while (raw.IndexOf('\\') is >= 0 and var at)
        {
            raw[..at].CopyTo(text.AsSpan(length));
            length += at;
            text[length++] = raw[at + 1] switch
            {
                'b' => '\b',
                'f' => '\f',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'u' => (char)ushort.Parse(raw.Slice(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
                var itself => itself,
            };
            raw = raw[(at + (raw[at + 1] == 'u' ? 6 : 2))..];
        }

        raw.CopyTo(text.AsSpan(length));
        ReadOnlySpan<char> decoded = text.AsSpan(0, length + raw.Length);
        return new string(isWhole ? decoded : WithoutHalf(decoded));
    }

    /// <summary>The text without the first half of a surrogate pair at its end.</summary>
    public static ReadOnlySpan<char> WithoutHalf(ReadOnlySpan<char> text) => text is [.. var before, >= '\uD800' and <= '\uDBFF'] ? before : text;
}
