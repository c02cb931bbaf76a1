using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace LlmGateway.IntegrationTests.DryRun;

public sealed record ElementFact([property: Description("The element's symbol")] string Symbol, [Range(1, 118)] int AtomicNumber);

public sealed record CapitalCity(string Country, string Capital, IReadOnlyList<string> Neighbours);

public sealed record Judgement(Mood Mood, [Range(0.0, 1.0)] double Confidence, string? Reason);

public sealed record Summary([MaxLength(60)] string Text);

public enum Mood
{
    Positive,
    Neutral,
    Negative,
}
