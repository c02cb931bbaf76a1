namespace LlmGateway.StructuredOutput.Validation;

/// <summary>IP addresses: RFC 2673 section 3.2 and RFC 4291 section 2.2.</summary>
internal static class AddressFormats
{
    public static bool IsIpv4(ReadOnlySpan<char> text)
    {
        var parts = 0;
        foreach (var range in text.Split('.'))
        {
            var part = text[range];
            if (++parts > 4 || part.Length is 0 or > 3 || part.ContainsAnyExceptInRange('0', '9') || (part.Length > 1 && part[0] == '0')) return false;
            if (part.Length == 3 && part.SequenceCompareTo("255") > 0) return false;
        }

        return parts == 4;
    }

    public static bool IsIpv6(ReadOnlySpan<char> text)
    {
        var gap = text.IndexOf("::");
        if (gap < 0) return Groups(text, mayEndInIpv4: true) == 8;
        var before = Groups(text[..gap], mayEndInIpv4: false);
        var after = Groups(text[(gap + 2)..], mayEndInIpv4: true);
        return before >= 0 && after >= 0 && before + after <= 7;
    }

    /// <summary>How many groups of 16 bits it has; negative where it is malformed.</summary>
    private static int Groups(ReadOnlySpan<char> text, bool mayEndInIpv4)
    {
        if (text.IsEmpty) return 0;
        var count = 0;
        while (true)
        {
            var end = text.IndexOf(':');
            if (end < 0 && mayEndInIpv4 && text.Contains('.')) return IsIpv4(text) ? count + 2 : -1;
            var group = end < 0 ? text : text[..end];
            if (group.Length is 0 or > 4) return -1;
            foreach (var digit in group)
            {
                if (!char.IsAsciiHexDigit(digit)) return -1;
            }

            count++;
            if (end < 0) return count;
            text = text[(end + 1)..];
        }
    }
}
