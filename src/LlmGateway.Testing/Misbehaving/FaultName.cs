using System.Globalization;
using System.Text.RegularExpressions;

namespace LlmGateway.Testing.Misbehaving;

/// <summary>What a model's name asks for: a fault, and how long, where and how often.</summary>
/// <param name="Fault">The row.</param>
/// <param name="Time">The time that the fault takes; null for its own.</param>
/// <param name="After">The characters before it; null for the middle.</param>
/// <param name="Times">How many requests it meets; null for all.</param>
/// <param name="For">How long after the first request it lasts; null for ever.</param>
internal sealed partial record FaultName(Fault Fault, TimeSpan? Time, int? After, int? Times, TimeSpan? For)
{
    /// <summary>No fault.</summary>
    public static FaultName None { get; } = new(FaultTable.All[0], null, null, null, null);

    /// <summary>Reads the name behind the last slash.</summary>
    /// <returns>The fault, or what is wrong with the name.</returns>
    public static (FaultName? Name, string? Problem) Parse(string model)
    {
        var name = model[(model.LastIndexOf('/') + 1)..];
        var fault = FaultTable.All
            .Where(row => name.StartsWith(row.Name, StringComparison.Ordinal) && (name.Length == row.Name.Length || name[row.Name.Length] == '-'))
            .MaxBy(row => row.Name.Length);
        if (fault is null) return (null, $"The model '{name}' does not exist here. A model's name is a fault's: {string.Join(", ", FaultTable.All.Select(row => row.Name))}.");
        var match = Suffix().Match(name[fault.Name.Length..]);
        if (!match.Success || (match.Groups["time"].Success && !fault.TakesTime) || (match.Groups["after"].Success && !fault.TakesAfter))
        {
            return (null, $"The model '{name}' does not exist here: '{fault.Name}' is written {fault.Form}, then -once, -Nx or -for-Ns.");
        }

        return (new FaultName(fault, TimeOf(match.Groups["time"]), NumberOf(match.Groups["after"]), match.Groups["once"].Success ? 1 : NumberOf(match.Groups["times"]), TimeOf(match.Groups["for"])), null);
    }

    /// <summary>Whether the fault meets a request.</summary>
    /// <param name="number">The request's number of this model's, from 1.</param>
    /// <param name="sinceFirst">The time since this model's first request.</param>
    public bool Meets(int number, TimeSpan sinceFirst) => number <= (Times ?? int.MaxValue) && sinceFirst < (For ?? Fault.LastsFor(this) ?? TimeSpan.MaxValue);

    private static int? NumberOf(Group group) => group.Success ? int.Parse(group.ValueSpan, CultureInfo.InvariantCulture) : null;

    private static TimeSpan? TimeOf(Group group)
    {
        if (!group.Success) return null;
        var isMilliseconds = group.Value.EndsWith("ms", StringComparison.Ordinal);
        var number = int.Parse(group.ValueSpan[..^(isMilliseconds ? 2 : 1)], CultureInfo.InvariantCulture);
        return isMilliseconds ? TimeSpan.FromMilliseconds(number) : TimeSpan.FromSeconds(number);
    }

    [GeneratedRegex(@"^(-(?<time>\d{1,7}m?s))?(-after-(?<after>\d{1,7}))?(-(?<once>once)|-(?<times>\d{1,7})x|-for-(?<for>\d{1,7}m?s))?$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Suffix();
}
