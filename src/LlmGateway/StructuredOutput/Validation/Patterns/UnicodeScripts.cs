using System.Collections.Concurrent;
using System.Globalization;

namespace LlmGateway.StructuredOutput.Validation;

/// <summary>The scripts of Unicode, which .NET does not know: the more common ones, by their long and short names.</summary>
internal static partial class UnicodeScripts
{
    private static readonly ConcurrentDictionary<string, CodePointSet> Sets = new(StringComparer.Ordinal);

    public static string Names => string.Join(", ", Data.Select(s => s.Name));

    public static CodePointSet? Find(string name)
    {
        foreach (var script in Data)
        {
            if (script.Name == name || script.ShortName == name) return Sets.GetOrAdd(script.Name, static (_, ranges) => Read(ranges), script.Ranges);
        }

        return null;
    }

    private static CodePointSet Read(string ranges) => CodePointSet.OfRanges([.. ranges.Split(' ').Select(Range)]);

    private static (int First, int Last) Range(string text)
    {
        var ends = text.Split('-');
        return (int.Parse(ends[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture), int.Parse(ends[^1], NumberStyles.HexNumber, CultureInfo.InvariantCulture));
    }
}
