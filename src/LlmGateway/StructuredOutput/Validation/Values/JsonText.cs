using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace LlmGateway.StructuredOutput.Validation;

/// <summary>
/// The text of JSON strings as UTF-8. Half of a surrogate pair, which JSON can escape and UTF-8 cannot hold, becomes three
/// bytes of its own (as in WTF-8), so that every text can be compared and measured.
/// </summary>
internal static class JsonText
{
    /// <summary>The text of a string; with each half of a surrogate pair kept, at which <see cref="JsonElement.GetString"/> throws.</summary>
    public static string StringOf(JsonElement text) => ToString(Unescape(JsonMarshal.GetRawUtf8Value(text)[1..^1]));

    /// <summary>The bytes of a string or of a member's name.</summary>
    public static byte[] BytesOf(JsonElement text) => Unescape(JsonMarshal.GetRawUtf8Value(text)[1..^1]).ToArray();

    public static byte[] NameOf(JsonProperty member) => Unescape(JsonMarshal.GetRawUtf8PropertyName(member)).ToArray();

    public static string ToString(ReadOnlySpan<byte> utf8)
    {
        var chars = ArrayPool<char>.Shared.Rent(Math.Max(utf8.Length, 1));
        var text = new string(chars, 0, Decode(utf8, chars));
        ArrayPool<char>.Shared.Return(chars);
        return text;
    }

    /// <summary>To UTF-16, with each half of a surrogate pair kept.</summary>
    /// <param name="utf8">The text.</param>
    /// <param name="chars">At least as long as <paramref name="utf8"/>.</param>
    /// <returns>The number of UTF-16 units.</returns>
    public static int Decode(ReadOnlySpan<byte> utf8, Span<char> chars)
    {
        if (!HasHalfPair(utf8)) return Encoding.UTF8.GetChars(utf8, chars);
        var count = 0;
        while (utf8.Length > 0)
        {
            if (utf8.Length >= 3 && utf8[0] == 0xED && utf8[1] >= 0xA0)
            {
                chars[count++] = (char)(0xD000 | ((utf8[1] & 0x3F) << 6) | (utf8[2] & 0x3F));
                utf8 = utf8[3..];
                continue;
            }

            Rune.DecodeFromUtf8(utf8, out var rune, out var length);
            count += rune.EncodeToUtf16(chars[count..]);
            utf8 = utf8[length..];
        }

        return count;
    }

    /// <summary>From UTF-16, the form in which texts are compared here.</summary>
    public static byte[] Encode(ReadOnlySpan<char> text)
    {
        var utf8 = new byte[text.Length * 3];
        var count = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])) count += new Rune(text[i], text[++i]).EncodeToUtf8(utf8.AsSpan(count));
            else count += EncodeUnit(text[i], utf8.AsSpan(count));
        }

        return utf8[..count];
    }

    public static int CountCodePoints(ReadOnlySpan<byte> utf8)
    {
        var count = 0;
        foreach (var unit in utf8)
        {
            if ((unit & 0xC0) != 0x80) count++;
        }

        return count;
    }

    public static bool HasHalfPair(ReadOnlySpan<byte> utf8)
    {
        while (utf8.IndexOf((byte)0xED) is >= 0 and var at && at + 2 < utf8.Length)
        {
            if (utf8[at + 1] >= 0xA0) return true;
            utf8 = utf8[(at + 1)..];
        }

        return false;
    }

    /// <summary>What stands between the quotes of well-formed JSON, without its escapes.</summary>
    public static ReadOnlySpan<byte> Unescape(ReadOnlySpan<byte> raw)
    {
        var next = raw.IndexOf((byte)'\\');
        if (next < 0) return raw;
        var text = new byte[raw.Length];
        var count = 0;
        while (next >= 0)
        {
            raw[..next].CopyTo(text.AsSpan(count));
            count += next;
            raw = raw[next..];
            count += Escape(ref raw, text.AsSpan(count));
            next = raw.IndexOf((byte)'\\');
        }

        raw.CopyTo(text.AsSpan(count));
        return text.AsSpan(0, count + raw.Length);
    }

    private static int Escape(ref ReadOnlySpan<byte> raw, Span<byte> to)
    {
        if (raw[1] != 'u')
        {
            to[0] = raw[1] switch { (byte)'n' => 10, (byte)'r' => 13, (byte)'t' => 9, (byte)'b' => 8, (byte)'f' => 12, var same => same };
            raw = raw[2..];
            return 1;
        }

        var unit = Hex(raw);
        raw = raw[6..];
        if (!char.IsHighSurrogate(unit) || raw.Length < 6 || raw[0] != '\\' || raw[1] != 'u' || !char.IsLowSurrogate(Hex(raw))) return EncodeUnit(unit, to);
        var rune = new Rune(unit, Hex(raw));
        raw = raw[6..];
        return rune.EncodeToUtf8(to);
    }

    private static int EncodeUnit(char unit, Span<byte> to)
    {
        if (!char.IsSurrogate(unit)) return new Rune(unit).EncodeToUtf8(to);
        to[0] = 0xED;
        to[1] = (byte)(0x80 | ((unit >> 6) & 0x3F));
        to[2] = (byte)(0x80 | (unit & 0x3F));
        return 3;
    }

    private static char Hex(ReadOnlySpan<byte> escape)
    {
        var unit = 0;
        foreach (var digit in escape[2..6]) unit = (unit << 4) | (digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
        return (char)unit;
    }
}
