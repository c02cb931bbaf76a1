using System.Buffers;

namespace LlmGateway.StructuredOutput.Validation;

/// <summary>Mailboxes of RFC 5321 section 4.1.2, and with other letters of RFC 6531.</summary>
internal static class EmailFormats
{
    private const int MaxLocalBytes = 64;

    private static readonly SearchValues<char> InAtom = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-/=?^_`{|}~");

    public static bool IsEmail(ReadOnlySpan<char> text) => IsMailbox(text, isInternational: false);

    public static bool IsInternationalEmail(ReadOnlySpan<char> text) => IsMailbox(text, isInternational: true);

    private static bool IsMailbox(ReadOnlySpan<char> text, bool isInternational)
    {
        var at = text.LastIndexOf('@');
        if (at < 1) return false;
        var (local, domain) = (at, at + 1);
        if (System.Text.Encoding.UTF8.GetByteCount(text[..local]) > MaxLocalBytes) return false;
        return IsLocal(text[..local], isInternational) && IsDomain(text[domain..], isInternational);
    }

    private static bool IsLocal(ReadOnlySpan<char> text, bool isInternational)
    {
        if (text[0] == '"') return IsQuoted(text, isInternational);
        foreach (var range in text.Split('.'))
        {
            var atom = text[range];
            if (atom.IsEmpty) return false;
            foreach (var c in atom)
            {
                if (!InAtom.Contains(c) && !(isInternational && c >= 0x80)) return false;
            }
        }

        return true;
    }

    private static bool IsQuoted(ReadOnlySpan<char> text, bool isInternational)
    {
        if (text.Length < 2 || text[^1] != '"') return false;
        text = text[1..^1];
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && ++i == text.Length) return false;
            else if (text[i] == '"' && text[i - 1] != '\\') return false;
            if (text[i] is < ' ' or '\x7F' || (text[i] >= 0x80 && !isInternational)) return false;
        }

        return true;
    }

    private static bool IsDomain(ReadOnlySpan<char> text, bool isInternational)
    {
        if (text is ['[', .. var literal, ']'])
        {
            return literal.StartsWith("IPv6:", StringComparison.OrdinalIgnoreCase) ? AddressFormats.IsIpv6(literal[5..]) : AddressFormats.IsIpv4(literal);
        }

        return isInternational ? HostFormats.IsInternationalHostname(text) : HostFormats.IsHostname(text, knowsEncoded: true);
    }
}
