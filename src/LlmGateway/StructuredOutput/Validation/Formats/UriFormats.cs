using System.Buffers;
using System.Text;

namespace LlmGateway.StructuredOutput.Validation;

/// <summary>URIs of RFC 3986 and IRIs of RFC 3987, and relative references of both.</summary>
internal static class UriFormats
{
    private const string Unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    private const string SubDelimiters = "!$&'()*+,;=";

    private static readonly SearchValues<char> InUserInfo = SearchValues.Create(Unreserved + SubDelimiters + ":");
    private static readonly SearchValues<char> InName = SearchValues.Create(Unreserved + SubDelimiters);
    private static readonly SearchValues<char> InPath = SearchValues.Create(Unreserved + SubDelimiters + ":@/");
    private static readonly SearchValues<char> InQuery = SearchValues.Create(Unreserved + SubDelimiters + ":@/?");

    public static bool IsReference(ReadOnlySpan<char> text, bool isInternational, bool isAbsolute)
    {
        if (text.IndexOf('#') is >= 0 and var hash)
        {
            if (!Consists(text[(hash + 1)..], InQuery, isInternational, mayBePrivate: false)) return false;
            text = text[..hash];
        }

        if (text.IndexOf('?') is >= 0 and var mark)
        {
            if (!Consists(text[(mark + 1)..], InQuery, isInternational, mayBePrivate: isInternational)) return false;
            text = text[..mark];
        }

        var colon = text.IndexOfAny(':', '/');
        if (colon >= 0 && text[colon] == ':')
        {
            if (!IsScheme(text[..colon])) return false;
            text = text[(colon + 1)..];
        }
        else if (isAbsolute)
        {
            return false;
        }

        if (text.StartsWith("//"))
        {
            text = text[2..];
            var end = text.IndexOf('/');
            if (!IsAuthority(end < 0 ? text : text[..end], isInternational)) return false;
            text = end < 0 ? [] : text[end..];
        }

        return Consists(text, InPath, isInternational, mayBePrivate: false);
    }

    public static bool IsPercentEncoded(ReadOnlySpan<char> text) => text.Length >= 3 && char.IsAsciiHexDigit(text[1]) && char.IsAsciiHexDigit(text[2]);

    private static bool IsScheme(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || !char.IsAsciiLetter(text[0])) return false;
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('+' or '-' or '.')) return false;
        }

        return true;
    }

    private static bool IsAuthority(ReadOnlySpan<char> text, bool isInternational)
    {
        if (text.LastIndexOf('@') is >= 0 and var at)
        {
            if (!Consists(text[..at], InUserInfo, isInternational, mayBePrivate: false)) return false;
            text = text[(at + 1)..];
        }

        var port = text.LastIndexOf(':');
        if (text.StartsWith("["))
        {
            var close = text.IndexOf(']');
            if (close < 0 || !IsLiteral(text[1..close])) return false;
            var rest = text[(close + 1)..];
            return rest.IsEmpty || (rest[0] == ':' && !rest[1..].ContainsAnyExceptInRange('0', '9'));
        }

        if (port >= 0)
        {
            if (text[(port + 1)..].ContainsAnyExceptInRange('0', '9')) return false;
            text = text[..port];
        }

        return Consists(text, InName, isInternational, mayBePrivate: false);
    }

    /// <summary>An IPv6 address, or one of a later version.</summary>
    private static bool IsLiteral(ReadOnlySpan<char> text)
    {
        if (text.Length < 4 || text[0] is not ('v' or 'V')) return AddressFormats.IsIpv6(text);
        var dot = text.IndexOf('.');
        if (dot < 2 || dot + 1 == text.Length) return false;
        foreach (var digit in text[1..dot])
        {
            if (!char.IsAsciiHexDigit(digit)) return false;
        }

        return !text[(dot + 1)..].ContainsAnyExcept(InUserInfo);
    }

    private static bool Consists(ReadOnlySpan<char> text, SearchValues<char> allowed, bool isInternational, bool mayBePrivate)
    {
        while (text.IndexOfAnyExcept(allowed) is >= 0 and var at)
        {
            text = text[at..];
            if (text[0] == '%')
            {
                if (!IsPercentEncoded(text)) return false;
                text = text[3..];
                continue;
            }

            if (!isInternational || Rune.DecodeFromUtf16(text, out var rune, out var length) != OperationStatus.Done) return false;
            if (!IsInternational(rune.Value) && !(mayBePrivate && IsPrivate(rune.Value))) return false;
            text = text[length..];
        }

        return true;
    }

    /// <summary>ucschar of RFC 3987.</summary>
    private static bool IsInternational(int rune) => rune switch
    {
        >= 0xA0 and <= 0xD7FF or >= 0xF900 and <= 0xFDCF or >= 0xFDF0 and <= 0xFFEF => true,
        >= 0xE0000 and < 0xE1000 => false,
        >= 0x10000 and < 0xF0000 => (rune & 0xFFFF) <= 0xFFFD,
        _ => false,
    };

    /// <summary>iprivate of RFC 3987.</summary>
    private static bool IsPrivate(int rune) => rune is >= 0xE000 and <= 0xF8FF || (rune >= 0xF0000 && (rune & 0xFFFF) <= 0xFFFD);
}
