namespace LlmGateway.Exporting.Tests;

/// <summary>A provider elsewhere that plays its steps in turn: replies to give and exceptions to throw. Its model is unique, since telemetry is the process's.</summary>
internal sealed class VendorDouble(params object[] steps) : ILlmProvider
{
    private int _next;

    public string Name => "mistral";

    public string DefaultModel { get; } = $"model-{Guid.NewGuid():N}";

    public Uri? Endpoint { get; } = new("https://api.example.test:8443/v1");

    public ProviderBilling Billing => ProviderBilling.Reported;

    public Task<LlmReply> CompleteAsync(LlmRequest request, CancellationToken cancellationToken) => steps[_next++] switch
    {
        LlmReply reply => Task.FromResult(reply),
        Exception error => Task.FromException<LlmReply>(error),
        _ => throw new InvalidOperationException("No step."),
    };

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public static LlmReply Reply(string text = "fine") => new(text, new TokenUsage { InputTokens = 100, CacheReadTokens = 60, CacheWriteTokens = 30, OutputTokens = 20 })
    {
        Id = "msg_1",
        Model = "answering-model",
        VendorFinishReason = "end_turn",
        ReportedCostUsd = 0.25m,
    };

    public static ProviderException Busy() => new("mistral", ProviderErrorKind.RateLimited, "busy") { HttpStatus = 429, RetryAfter = TimeSpan.Zero };
}
