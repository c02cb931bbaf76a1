using LlmGateway.Telemetry;
using Microsoft.Extensions.Logging;

namespace LlmGateway.Tests.Telemetry;

public sealed class LogTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Filters and alerts hang on these: an id is never given to another message.</summary>
    [Fact]
    public void Every_message_keeps_its_id_name_and_level()
    {
        using var log = new RecordingLoggerProvider();
        var logger = log.CreateLogger("test");

        logger.ConfigWarning("");
        logger.CallSucceeded("", "", "", CallOutcome.Succeeded, 0, 0, 0, 0, 0, null);
        logger.CallFailed("", "", "", CallOutcome.Failed, null, 0, 0, 0, 0, 0, null);
        logger.Retrying(0, "", "", ProviderErrorKind.Unknown, 0);
        logger.Reasking("", "", 0, 0, 0);
        logger.UnknownPrice("", "");
        logger.CostWarning(0, 0);
        logger.BudgetThreshold("", 0, 0, 0);
        logger.RequestLoss("", "", "");
        logger.TextCut("", "", null);
        logger.AskingWithMoreTokens("", "", null, 0);
        logger.SettlementFailed(new InvalidOperationException(), "", null);
        logger.BudgetCallbackFailed(new InvalidOperationException(), "");
        logger.CostAboveReserved(0, 0);
        logger.ConfigFileRead("", 0, 0);
        logger.ConfigFileInvalid("");
        logger.MovingOn(0, "", ProviderErrorKind.Unknown, "");
        logger.Rescuing("", "", StreamRescue.Continue);
        logger.CircuitChanged("", "");
        logger.CloseFailed(new InvalidOperationException(), "");

        Assert.Equal(
            [
                (1, "ConfigWarning", LogLevel.Warning),
                (2, "CallSucceeded", LogLevel.Information),
                (3, "CallFailed", LogLevel.Warning),
                (4, "Retrying", LogLevel.Warning),
                (5, "Reasking", LogLevel.Information),
                (6, "UnknownPrice", LogLevel.Warning),
                (7, "CostWarning", LogLevel.Warning),
                (8, "BudgetThreshold", LogLevel.Warning),
                (9, "RequestLoss", LogLevel.Warning),
                (10, "TextCut", LogLevel.Warning),
                (11, "AskingWithMoreTokens", LogLevel.Information),
                (12, "SettlementFailed", LogLevel.Error),
                (13, "BudgetCallbackFailed", LogLevel.Error),
                (14, "CostAboveReserved", LogLevel.Error),
                (15, "ConfigFileRead", LogLevel.Information),
                (16, "ConfigFileInvalid", LogLevel.Error),
                (17, "MovingOn", LogLevel.Warning),
                (18, "Rescuing", LogLevel.Warning),
                (19, "CircuitChanged", LogLevel.Warning),
                (20, "CloseFailed", LogLevel.Warning),
            ],
            log.Lines.Select(l => (l.Event.Id, l.Event.Name, l.Level)));
        Assert.Equal(log.Lines.Count, typeof(Log).GetMethods().Count(m => m.IsDefined(typeof(LoggerMessageAttribute), false)));
    }

    [Fact]
    public async Task A_call_is_one_line_with_its_numbers()
    {
        var (provider, log) = Of(TelemetryProvider.Reply());

        var response = await provider.Client(log: log.Factory()).CompleteTextAsync("Hello", cancellationToken: Token);

        var line = Assert.Single(log.Lines);
        Assert.Equal((2, "LlmGateway", LogLevel.Information), (line.Event.Id, line.Category, line.Level));
        Assert.Equal(response.Metadata.CallId, line.Values["CallId"]);
        Assert.Equal(("telemetry_double", "answering-model"), (line.Values["Provider"], line.Values["Model"]));
        Assert.Equal((100L, 20L, 0.25m), (line.Values["InputTokens"], line.Values["OutputTokens"], line.Values["CostUsd"]));
        Assert.Equal((1, 0, (long)response.Latency.TotalMilliseconds), (line.Values["Attempts"], line.Values["Reasks"], line.Values["LatencyMs"]));
    }

    [Fact]
    public async Task A_retry_and_a_failure_are_told_with_their_kinds()
    {
        var (provider, log) = Of(TelemetryProvider.TransientError(), TelemetryProvider.Error(ProviderErrorKind.NotFound, 404));

        await Assert.ThrowsAsync<ProviderException>(() => provider.Client(log: log.Factory()).CompleteTextAsync("Hello", cancellationToken: Token));

        Assert.Equal([4, 3], log.Lines.Select(l => l.Event.Id));
        Assert.Equal((1, ProviderErrorKind.Overloaded, 0L), (log.Lines[0].Values["Attempt"], log.Lines[0].Values["ErrorKind"], log.Lines[0].Values["DelayMs"]));
        Assert.Equal((CallOutcome.Failed, "not_found", 2), (log.Lines[1].Values["Outcome"], log.Lines[1].Values["ErrorType"], log.Lines[1].Values["Attempts"]));
    }

    [Fact]
    public async Task A_re_ask_is_told()
    {
        var (provider, log) = Of(TelemetryProvider.Reply("no"), TelemetryProvider.Reply("""{"value":1}"""));

        await provider.Client(log: log.Factory()).CompleteAsync<Answer>("One?", cancellationToken: Token);

        var line = Assert.Single(log.Of(5));
        Assert.Equal((1, 2), (line.Values["Reask"], line.Values["MaxReasks"]));
    }

    [Fact]
    public async Task An_unknown_price_is_warned_of_once_for_a_model()
    {
        var (provider, log) = Of(TelemetryProvider.Reply(costUsd: null), TelemetryProvider.Reply(costUsd: null), TelemetryProvider.Reply(costUsd: null) with { Model = "other" });
        var client = provider.Client(log: log.Factory());

        for (var i = 0; i < 3; i++) await client.CompleteTextAsync("Hello", cancellationToken: Token);

        Assert.Equal(["answering-model", "other"], log.Of(6).Select(l => l.Values["Model"]));
        Assert.All(log.Of(2), l => Assert.Null(l.Values["CostUsd"]));
    }

    [Fact]
    public async Task A_cost_threshold_is_warned_of_once_when_it_is_crossed()
    {
        var (provider, log) = Of(TelemetryProvider.Reply(), TelemetryProvider.Reply(), TelemetryProvider.Reply(), TelemetryProvider.Reply());
        var client = provider.Client(new GatewayConfig { CostWarnUsd = 0.5m, CostLimitUsd = 1m, CostWarnAt = [1m], BudgetReserve = BudgetReserve.Estimate }, log.Factory());

        for (var i = 0; i < 4; i++) await client.CompleteTextAsync("Hello", cancellationToken: Token);

        Assert.Equal([0.5m], log.Of(7).Select(l => l.Values["SpentUsd"]));
        Assert.Equal([1m], log.Of(8).Select(l => l.Values["SpentUsd"]));
    }

    [Fact]
    public async Task A_loss_is_told_by_name()
    {
        var (provider, log) = Of(TelemetryProvider.Reply() with { Losses = ["temperature: the CLI takes none"] });

        await provider.Client(log: log.Factory()).CompleteTextAsync("Hello", cancellationToken: Token);

        Assert.Equal("temperature: the CLI takes none", Assert.Single(log.Of(9)).Values["Loss"]);
    }

    [Fact]
    public async Task A_text_cut_at_its_limit_is_told()
    {
        var (provider, log) = Of(TelemetryProvider.Reply() with { FinishReason = FinishReason.Length });

        await provider.Client(new GatewayConfig { MaxTokens = 7 }, log.Factory()).CompleteTextAsync("Hello", cancellationToken: Token);

        Assert.Equal(7, Assert.Single(log.Of(10)).Values["MaxTokens"]);
    }

    private static (TelemetryProvider Provider, RecordingLoggerProvider Log) Of(params object[] steps) => (new TelemetryProvider(steps), new RecordingLoggerProvider());

    private sealed record Answer(int Value);
}
