using System.Text;

namespace LlmGateway.StructuredOutput.Validation;

/// <summary>Host names: RFC 1123, and with other letters the rules of IDNA 2008 for registration.</summary>
internal static class HostFormats
{
    private const int MaxLength = 253;
    private const int MaxLabel = 63;

    private const string LabelSeparators = ".\u3002\uFF0E\uFF61";

    /// <param name="text">The name.</param>
    /// <param name="knowsEncoded">Whether labels that encode other letters must be well-formed.</param>
    public static bool IsHostname(ReadOnlySpan<char> text, bool knowsEncoded)
    {
        if (text.Length is 0 or > MaxLength) return false;
        var labels = new List<List<int>>();
        foreach (var range in text.Split('.'))
        {
            if (!IsAsciiLabel(text[range], knowsEncoded, labels)) return false;
        }

        return BidiRule.Holds(labels);
    }

    public static bool IsInternationalHostname(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty) return false;
        var length = 0;
        var labels = new List<List<int>>();
        foreach (var range in text.SplitAny(LabelSeparators))
        {
            var labelLength = LabelLength(text[range], labels);
            if (labelLength == 0) return false;
            length += labelLength + 1;
        }

        return length - 1 <= MaxLength && BidiRule.Holds(labels);
    }

    /// <summary>In ASCII; 0 where it is none.</summary>
    private static int LabelLength(ReadOnlySpan<char> label, List<List<int>> labels)
    {
        if (!label.ContainsAnyExceptInRange('\0', '\x7F')) return IsAsciiLabel(label, knowsEncoded: true, labels) ? label.Length : 0;
        var codePoints = new List<int>();
        while (!label.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(label, out var rune, out var consumed) != System.Buffers.OperationStatus.Done) return 0;
            codePoints.Add(rune.Value);
            label = label[consumed..];
        }

        // One code point takes one character or more.
        if (codePoints.Count > MaxLabel || !IdnaLabel.IsValid(codePoints)) return 0;
        labels.Add(codePoints);
        var length = "xn--".Length + Punycode.EncodedLength(codePoints);
        return length <= MaxLabel ? length : 0;
    }

    private static bool IsAsciiLabel(ReadOnlySpan<char> label, bool knowsEncoded, List<List<int>> labels)
    {
        if (label.Length is 0 or > MaxLabel || label[0] == '-' || label[^1] == '-') return false;
        foreach (var c in label)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '-') return false;
        }

        if (!knowsEncoded || label.Length < 4 || label[2] != '-' || label[3] != '-')
        {
            labels.Add([.. label.ToString().Select(c => (int)c)]);
            return true;
        }

        // Two hyphens in this place are of encoded labels alone.
        if (label[0] is not ('x' or 'X') || label[1] is not ('n' or 'N') || Punycode.Decode(label[4..]) is not { } codePoints) return false;
        labels.Add(codePoints);
        return codePoints.Exists(c => c >= 0x80) && IdnaLabel.IsValid(codePoints);
    }
}
