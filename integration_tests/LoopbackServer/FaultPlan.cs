using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;

namespace LoopbackServer;

/// <summary>Faults that a question asks for: "Fail 2 times with status 529." and "Wait 60 seconds."</summary>
internal sealed partial class FaultPlan
{
    private readonly ConcurrentDictionary<string, int> _failed = new(StringComparer.Ordinal);

    /// <summary>The status to fail with now; null to answer.</summary>
    public int? Take(string question)
    {
        if (FailPattern().Match(question) is not { Success: true } asked) return null;
        var times = int.Parse(asked.Groups[1].Value, CultureInfo.InvariantCulture);
        return _failed.AddOrUpdate(question, 1, (_, n) => n + 1) <= times ? int.Parse(asked.Groups[2].Value, CultureInfo.InvariantCulture) : null;
    }

    public static TimeSpan? WaitOf(string question)
        => WaitPattern().Match(question) is { Success: true } asked ? TimeSpan.FromSeconds(int.Parse(asked.Groups[1].Value, CultureInfo.InvariantCulture)) : null;

    [GeneratedRegex(@"Fail (\d+) times with status (\d{3})\.")]
    private static partial Regex FailPattern();

    [GeneratedRegex(@"Wait (\d+) seconds\.")]
    private static partial Regex WaitPattern();
}
