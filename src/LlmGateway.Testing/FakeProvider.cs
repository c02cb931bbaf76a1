using LlmGateway.Testing;

namespace LlmGateway;

/// <summary>
/// A provider for tests: it answers with what it was given, keeps every request, and fails when told to. Give it to
/// <see cref="LlmClient(ILlmProvider, GatewayConfig?, LlmClientOptions?)"/>, or register it under a name.
/// </summary>
/// <remarks>
/// Safe for concurrent use. Each request first waits (<see cref="Delay"/>, <see cref="DelayNext"/>), then fails if a
/// fault stands first in line (<see cref="FailNext(ProviderErrorKind, int, TimeSpan?)"/>), then gets the next reply of
/// the type it asks for, else what the factory of <see cref="ReplyWith"/> makes. Where there is none of these it fails
/// and says what to set.
/// </remarks>
public sealed partial class FakeProvider : ILlmProvider
{
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly List<LlmRequest> _calls = [];
    private volatile bool _isDisposed;

    /// <summary>A provider that has no replies yet.</summary>
    /// <param name="timeProvider">The clock of its delays; null for the system's.</param>
    public FakeProvider(TimeProvider? timeProvider = null) => _time = timeProvider ?? TimeProvider.System;

    /// <summary>Its name, in records, errors and the price book. Default <c>fake</c>.</summary>
    public string Name { get; init; } = "fake";

    /// <summary>The model that is asked where nothing names one. Default <c>fake-model</c>.</summary>
    public string DefaultModel { get; init; } = "fake-model";

    /// <summary>How calls are paid for. Default <see cref="ProviderBilling.Free"/>: every call is known to cost 0.</summary>
    public ProviderBilling Billing { get; init; } = ProviderBilling.Free;

    /// <summary>What every model can do, which decides how a schema is put to it. Default native schemas without exception.</summary>
    public ModelCapabilities Capabilities { get; init; } = new() { NativeSchema = true };

    /// <summary>The usage of every reply that has none of its own. Default null: the client estimates it.</summary>
    public TokenUsage? Usage { get; set; }

    /// <summary>
    /// What every reply that does not say so itself reports as its cost, in US dollars. Default null. It counts with
    /// <see cref="ProviderBilling.Reported"/> and <see cref="ProviderBilling.PriceBook"/>.
    /// </summary>
    public decimal? CostUsd { get; set; }

    /// <summary>How long every request waits first. Default zero.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>Every request so far, oldest first, failed ones included; a copy.</summary>
    public IReadOnlyList<LlmRequest> Calls
    {
        get
        {
            lock (_lock) return [.. _calls];
        }
    }

    /// <summary>Whether it has been disposed. It answers all the same, since several clients may have been given it.</summary>
    public bool IsDisposed => _isDisposed;

    /// <inheritdoc/>
    public ModelCapabilities GetCapabilities(string model) => Capabilities;

    /// <inheritdoc/>
    public async Task<LlmReply> CompleteAsync(LlmRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        cancellationToken.ThrowIfCancellationRequested();
        var (delay, fault, make) = Take(request);
        if (delay > TimeSpan.Zero) await Task.Delay(delay, _time, cancellationToken).ConfigureAwait(false);
        if (fault is not null) throw fault(request) ?? new InvalidOperationException("The function given to FakeProvider.FailNext returned null.");
        var reply = make(request) ?? throw new InvalidOperationException("The function given to FakeProvider.ReplyWith returned null.");
        return reply with { Usage = reply.Usage ?? Usage, ReportedCostUsd = reply.ReportedCostUsd ?? CostUsd };
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _isDisposed = true;
        return ValueTask.CompletedTask;
    }

    /// <summary>
    /// All that is in line for a request is taken at once, so that concurrent requests get it in the order of the log.
    /// A request that is to fail leaves the replies to its successors.
    /// </summary>
    private (TimeSpan Delay, Func<LlmRequest, Exception>? Fault, Func<LlmRequest, LlmReply> Make) Take(LlmRequest request)
    {
        lock (_lock)
        {
            _calls.Add(request);
            var delay = Delay + (_delays.TryDequeue(out var extra) ? extra : TimeSpan.Zero);
            if (_faults.TryDequeue(out var fault)) return (delay, fault, Unanswerable);
            return (delay, null, NextReply(request));
        }
    }

    private LlmReply Unanswerable(LlmRequest request)
    {
        var (kind, set) = ReplyKey.Of(request) switch
        {
            { Type: { } type } => ($"for the type {ReplyKey.Display(type)}", $"Reply<{ReplyKey.Display(type)}>(…)"),
            { IsJson: true } => ("for a schema without a type", "ReplyJson(…)"),
            _ => ("for text", "ReplyText(…)"),
        };
        throw new ProviderException(Name, ProviderErrorKind.InvalidRequest, $"The FakeProvider '{Name}' has no reply {kind}. Set one with fake.{set}, or one for all with fake.ReplyWith(…).");
    }
}
