using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace LlmGateway.Tests.Telemetry;

/// <summary>A provider elsewhere that plays steps in turn: an <see cref="LlmReply"/> to give or an <see cref="Exception"/> to throw. Its model is unique.</summary>
internal sealed class TelemetryProvider(params object[] steps) : ILlmProvider
{
    private int _next;

    public string Name { get; init; } = "telemetry_double";

    public string DefaultModel { get; } = $"model-{Guid.NewGuid():N}";

    public Uri? Endpoint { get; init; } = new("https://llm.example.test/v1");

    public ProviderBilling Billing { get; init; } = ProviderBilling.Reported;

    /// <summary>Runs at the start of each request.</summary>
    public Action? OnRequest { get; init; }

    public Task<LlmReply> CompleteAsync(LlmRequest request, CancellationToken cancellationToken)
    {
        OnRequest?.Invoke();
        cancellationToken.ThrowIfCancellationRequested();
        return steps[_next++] switch
        {
            LlmReply reply => Task.FromResult(reply),
            Exception error => Task.FromException<LlmReply>(error),
            _ => throw new InvalidOperationException("No step."),
        };
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>A reply that says all a vendor can say.</summary>
    public static LlmReply Reply(string text = "fine", decimal? costUsd = 0.25m) => new()
    {
        Parts = [new TextPart(text)],
        Id = "msg_1",
        RequestId = "req_1",
        Model = "answering-model",
        FinishReason = FinishReason.Stop,
        VendorFinishReason = "end_turn",
        Usage = new TokenUsage { InputTokens = 100, CacheReadTokens = 60, CacheWriteTokens = 30, OutputTokens = 20, ReasoningTokens = 5 },
        ReportedCostUsd = costUsd,
    };

    public static ProviderException Error(ProviderErrorKind kind, int? status = null, LlmReply? partial = null)
        => new("telemetry_double", kind, "it broke") { HttpStatus = status, RequestId = "req_failed", PartialReply = partial };

    /// <summary>A client over it that waits no time between attempts.</summary>
    public LlmClient Client(GatewayConfig? config = null, ILoggerFactory? log = null)
        => new(this, config, new LlmClientOptions
        {
            Services = new ProviderServices
            {
                Randomizer = () => 0,
                TimeProvider = new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.FromMilliseconds(10) },
                LoggerFactory = log ?? NullLoggerFactory.Instance,
            },
        });

    /// <summary>An error that is retried without a wait.</summary>
    public static ProviderException TransientError(LlmReply? partial = null)
        => new("telemetry_double", ProviderErrorKind.Overloaded, "busy") { HttpStatus = 529, RequestId = "req_failed", RetryAfter = TimeSpan.Zero, PartialReply = partial };
}
