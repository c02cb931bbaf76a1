using CsCheck;

namespace LlmGateway.Tests.StructuredOutput.Extraction;

/// <summary>Random JSON as its tokens, so that it can be laid out and broken in many ways. Its strings hold all that could be taken for structure.</summary>
internal static class Gens
{
    private static readonly Gen<string> Piece = Gen.OneOf(
        "a", "b", "x y", "it's", "\\\"hi\\\"", "\\\"", "{", "}", "[", "]", ",", ":", ", ", ": ", "\\n", "\\t", "\\\\", "//x", "# y", "/*", "*/", "true", "null", "12", "1,2", "3.5",
        "'", "“", "”", "’", "```", "```json", "+", " + ", "é", "\\u00e9", "😀", "-", "=", "$5", "\\\"a\\\":1", "{\\\"a\\\":1}", "http://x", "(z)", " ", "\\r\\n", "<b>", "None", "\\\", \\\"");

    private static readonly Gen<string> Text = Piece.Array[0, 4].Select(pieces => $"\"{string.Concat(pieces)}\"");

    private static readonly Gen<string> Scalar = Gen.OneOf(
        Text,
        Gen.Int[-99_999, 99_999].Select(number => number.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        Gen.OneOf("0.5", "-1.50", "2e7", "1E-3", "true", "false", "null", "true", "null"));

    /// <summary>An object or an array, no name twice in its object.</summary>
    public static readonly Gen<string[]> Tokens = Container(3);

    /// <summary>A way to lay tokens out: what stands behind each kind of them.</summary>
    public static readonly Gen<string> Gap = Gen.OneOf("", "", " ", "\n", "\n  ", "\t");

    private static Gen<string[]> Value(int depth) => depth == 0 ? Scalar.Select(scalar => new[] { scalar }) : Gen.OneOf(Scalar.Select(scalar => new[] { scalar }), Container(depth));

    private static Gen<string[]> Container(int depth)
    {
        var inner = Value(depth - 1);
        var list = inner.Array[0, 4].Select(items => Wrap("[", items, "]"));
        var named = Gen.Select(Text, inner).Array[0, 4].Select(members => Wrap("{", members.DistinctBy(member => Unescape(member.Item1)).Select((member, _) => (string[])[member.Item1, ":", .. member.Item2]), "}"));
        return Gen.OneOf(list, named, named);
    }

    private static string[] Wrap(string open, IEnumerable<string[]> parts, string close)
    {
        var tokens = new List<string> { open };
        foreach (var part in parts)
        {
            if (tokens.Count > 1) tokens.Add(",");
            tokens.AddRange(part);
        }

        return [.. tokens, close];
    }

    private static string Unescape(string json) => System.Text.Json.JsonSerializer.Deserialize<string>(json)!;
}
