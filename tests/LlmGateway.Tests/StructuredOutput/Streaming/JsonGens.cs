using CsCheck;

namespace LlmGateway.Tests.StructuredOutput.Streaming;

/// <summary>JSON texts in every spelling, and ways to cut them.</summary>
internal static class JsonGens
{
    private static readonly Gen<string> Space = Of("", "", "", " ", "\n", "\r\n\t", "    ");

    private static readonly Gen<string> StringPiece = Of(
        "", "a", "Hello, world", "ü", "中", "\ud83d\ude00", "{", "}", "[", "]", ":", ",", "…", "true", "12",
        "\\n", "\\\"", "\\\\", "\\/", "\\b\\f\\r\\t", "\\u0041", "\\u00e9", "\\ud83d\\ude00", "\\uD83D\\uDE00\\u0000");

    private static readonly Gen<string> Text = StringPiece.Array[0, 6].Select(pieces => $"\"{string.Concat(pieces)}\"");

    private static readonly Gen<string> Name = Gen.OneOf(Of("\"a\"", "\"b\"", "\"\\u0061\"", "\"\"", "\"a b\"", "\"value\""), Text);

    private static readonly Gen<string> Number = Gen.Select(
        Of("", "-"), Gen.OneOf(Gen.Const("0"), Gen.Int[1, int.MaxValue].Select(whole => $"{whole}")), Of("", ".0", ".5", ".123456789012345678901"), Of("", "e0", "E5", "e+10", "E-007"),
        (sign, whole, fraction, exponent) => sign + whole + fraction + exponent);

    private static readonly Gen<string> Scalar = Gen.OneOf(Text, Number, Of("true", "false", "null"));

    /// <summary>An object, as deep as may be.</summary>
    public static readonly Gen<string> AnObject = ObjectOf(Value(4));

    /// <summary>The lengths of the pieces that a text comes in; begun anew where the text is longer.</summary>
    public static readonly Gen<int[]> Cuts = Gen.OneOf(Gen.Const(new[] { 1 }), Gen.Int[1, 9].Array[1, 8], Gen.Int[1, 200].Array[1, 4]);

    /// <summary>Characters that JSON is made of, in any order.</summary>
    public static readonly Gen<string> Soup = Of(
        "{", "}", "[", "]", ":", ",", "\"", "\"a\"", "\"a\":", "\\", "\\u", "\\ud83d", "\\ude00", "0", "12", "-", ".", "e", "+", "true", "fals", "nul", "null", " ", "\n", "\u0001", "é", "{\"a\":", "x").Array[0, 20].Select(string.Concat);

    public static IEnumerable<string> Cut(string text, int[] lengths)
    {
        var at = 0;
        for (var i = 0; at < text.Length; i++)
        {
            var length = Math.Min(lengths[i % lengths.Length], text.Length - at);
            yield return text.Substring(at, length);
            at += length;
        }
    }

    public static Gen<T> Of<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static Gen<string> Value(int depth)
    {
        if (depth == 0) return Scalar;
        var inner = Value(depth - 1);
        return Gen.Frequency((3, Scalar), (1, ObjectOf(inner)), (1, ListOf(inner)));
    }

    private static Gen<string> ObjectOf(Gen<string> value)
        => Gen.Select(Gen.Select(Space, Name, Space, Space, value, Space, (a, name, b, c, member, d) => $"{a}{name}{b}:{c}{member}{d}").Array[0, 5], Space, (members, space) => $"{{{space}{string.Join(',', members)}}}");

    private static Gen<string> ListOf(Gen<string> value)
        => Gen.Select(Gen.Select(Space, value, Space, (a, item, b) => a + item + b).Array[0, 5], Space, (items, space) => $"[{space}{string.Join(',', items)}]");
}
