using LlmGateway.Cli.Output;
using LlmGateway.Sqlite;

namespace LlmGateway.Cli.Ledgers;

/// <summary>One call for people: what it was, and each attempt with what its cost is made of.</summary>
internal static class LedgerPage
{
    public static void Write(Terminal terminal, LedgerCall call)
    {
        Line("call", call.Id);
        Line("began", LedgerText.Of(call.StartedAt));
        Line("took", call.Latency is { } latency ? $"{(long)latency.TotalMilliseconds} ms{(call.TimeToFirstToken is { } first ? $", the first token after {(long)first.TotalMilliseconds} ms" : "")}" : "unknown: its process died");
        Line("asked", $"{call.Provider}/{call.RequestedModel}{(call.IsStreamed ? ", streamed" : "")}, {call.Operation}");
        Line("answered", call.Model);
        Line("outcome", call.ErrorType is { } error ? $"{call.Outcome} ({error})" : call.Outcome);
        Line("finish", call.FinishReason);
        Line("cost", $"${LedgerText.Of(call.Cost)}");
        Line("re-asks", call.Reasks > 0 ? LedgerText.Of(call.Reasks) : null);
        Line("repairs", call.Repairs > 0 ? LedgerText.Of(call.Repairs) : null);
        Line("tags", call.Tags.Count > 0 ? LedgerText.Tags(call) : null);
        Line("budgets", call.Budgets.Count > 0 ? string.Join(", ", call.Budgets) : null);
        Line("trace", call.TraceId);
        foreach (var attempt in call.Attempts) Write(terminal, attempt);

        void Line(string name, string? value)
        {
            if (value is not null) terminal.Output.WriteLine($"{name,-9} {LedgerText.Line(value)}");
        }
    }

    private static void Write(Terminal terminal, LedgerAttempt attempt)
    {
        terminal.Output.WriteLine();
        var what = attempt.ErrorKind is { } kind ? $"{attempt.Outcome} ({kind}{(attempt.HttpStatus is { } status ? $", HTTP {status}" : "")})" : attempt.Outcome;
        terminal.Output.WriteLine($"attempt {attempt.Number}: {attempt.Provider}/{LedgerText.Line(attempt.AnsweredModel ?? attempt.Model)}, {what}, ${(attempt.IsEstimated ? "~" : "")}{attempt.Cost?.ToString() ?? "unknown"} ({attempt.Basis}){(attempt.Reserved is { } reserved ? $", ${reserved} was reserved" : "")}");
        if (attempt.PriceRow is not null) terminal.Output.WriteLine($"  priced as {attempt.PriceProvider}/{attempt.PriceRow} (by '{attempt.PriceName}', {attempt.PriceSource}){(attempt.ServiceTier is { } tier ? $", tier {tier}" : "")}{(attempt.Region is { } region ? $", region {region}" : "")}");
        if (attempt.UnpricedBecause is { } why) terminal.Output.WriteLine($"  not priced: {LedgerText.Line(why)}");
        if (attempt.Costs.Count > 0) TextGrid.Write(terminal, ["kind", "quantity", "price USD", "cost USD"], attempt.Costs.Select(part => new[] { part.Kind, LedgerText.Of(part.Quantity), part.UnitPrice, part.Cost }));
    }
}
