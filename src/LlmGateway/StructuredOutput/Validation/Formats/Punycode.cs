using System.Text;

namespace LlmGateway.StructuredOutput.Validation;

/// <summary>RFC 3492.</summary>
internal static class Punycode
{
    private const int Base = 36;
    private const int TMin = 1;
    private const int TMax = 26;
    private const int Skew = 38;
    private const int Damp = 700;
    private const int InitialBias = 72;
    private const int InitialCode = 0x80;

    /// <summary>The code points; null where it is malformed.</summary>
    public static List<int>? Decode(ReadOnlySpan<char> text)
    {
        var output = new List<int>();
        var last = text.LastIndexOf('-');
        if (last > 0)
        {
            foreach (var c in text[..last]) output.Add(c);
        }

        var (code, index, bias) = (InitialCode, 0, InitialBias);
        for (var at = last > 0 ? last + 1 : 0; at < text.Length;)
        {
            var before = index;
            var weight = 1;
            for (var k = Base; ; k += Base)
            {
                if (at == text.Length || Digit(text[at++]) is not (>= 0 and var digit)) return null;
                if (digit > (int.MaxValue - index) / weight) return null;
                index += digit * weight;
                var threshold = Threshold(k, bias);
                if (digit < threshold) break;
                if (weight > int.MaxValue / (Base - threshold)) return null;
                weight *= Base - threshold;
            }

            bias = Adapt(index - before, output.Count + 1, before == 0);
            code += index / (output.Count + 1);
            index %= output.Count + 1;
            if (!Rune.IsValid(code)) return null;
            output.Insert(index++, code);
        }

        return output;
    }

    /// <summary>How long the code points are in it, without the prefix.</summary>
    public static int EncodedLength(IReadOnlyList<int> codePoints)
    {
        var basic = codePoints.Count(c => c < InitialCode);
        var length = basic > 0 ? basic + 1 : 0;
        var (code, delta, bias, handled) = (InitialCode, 0, InitialBias, basic);
        while (handled < codePoints.Count)
        {
            var next = codePoints.Where(c => c >= code).Min();
            delta += (next - code) * (handled + 1);
            code = next;
            foreach (var c in codePoints)
            {
                if (c < code) delta++;
                if (c != code) continue;
                var rest = delta;
                for (var k = Base; ; k += Base)
                {
                    length++;
                    var threshold = Threshold(k, bias);
                    if (rest < threshold) break;
                    rest = (rest - threshold) / (Base - threshold);
                }

                bias = Adapt(delta, handled + 1, handled == basic);
                delta = 0;
                handled++;
            }

            delta++;
            code++;
        }

        return length;
    }

    private static int Threshold(int k, int bias) => Math.Clamp(k - bias, TMin, TMax);

    private static int Digit(char c) => c switch
    {
        >= 'a' and <= 'z' => c - 'a',
        >= 'A' and <= 'Z' => c - 'A',
        >= '0' and <= '9' => c - '0' + 26,
        _ => -1,
    };

    private static int Adapt(int delta, int count, bool isFirst)
    {
        delta = isFirst ? delta / Damp : delta / 2;
        delta += delta / count;
        var k = 0;
        for (; delta > (Base - TMin) * TMax / 2; k += Base) delta /= Base - TMin;
        return k + ((Base - TMin + 1) * delta / (delta + Skew));
    }
}
