using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using LlmGateway.Routing.Targets;

namespace LlmGateway.Server.Keys;

/// <summary>Holds each key to its limits of requests and tokens a minute and of requests at once. Thread-safe.</summary>
/// <remarks>
/// Invariants: in no 60 s more requests of a key begin than its limit, nor of more tokens by what was known when the last of them
/// began; never are more under way at once than its limit; a request that is turned away counts nowhere. The counts are this
/// process's: several servers of one key set hold it each for itself.
/// </remarks>
internal sealed class KeyGate(TimeProvider time)
{
    /// <summary>Keys that ask nothing any more are looked for once in so many that begin to.</summary>
    private const int SweepEvery = 1024;

    private static readonly TimeSpan Forgotten = TimeSpan.FromSeconds(62);

    private readonly ConcurrentDictionary<string, KeyMeter> _meters = new(StringComparer.Ordinal);
    private int _begun;

    /// <summary>How many keys are being counted.</summary>
    internal int Counted => _meters.Count;

    /// <summary>Lets a request of the key begin, or says which limit is in its way.</summary>
    /// <param name="key">The key, as it stands now: a change of its limits holds at once.</param>
    /// <param name="estimatedTokens">What the request may use, input and output; counted until the lease says better.</param>
    /// <param name="lease">To be disposed when the request is over, however it ends.</param>
    /// <param name="refusal">Which limit, its size, what is left of it, and when to come again.</param>
    public bool TryAdmit(VirtualKey key, long estimatedTokens, [NotNullWhen(true)] out KeyLease? lease, [NotNullWhen(false)] out KeyRefusal? refusal)
    {
        (lease, refusal) = (null, null);
        if (key is { RequestsPerMinute: null, TokensPerMinute: null, MaxConcurrent: null })
        {
            lease = KeyLease.Unlimited;
            return true;
        }

        estimatedTokens = Math.Max(estimatedTokens, 0);
        while (true)
        {
            var meter = _meters.TryGetValue(key.Id, out var known) ? known : Begin(key.Id);
            var now = time.Now();
            lock (meter)
            {
                // Swept between being found and being locked: its count is no longer the one that others take.
                if (meter.IsDropped) continue;
                refusal = meter.Take(key, estimatedTokens, now);
                if (refusal is null) lease = new KeyLease(meter, meter.RatesOf(key, now), now, estimatedTokens, time);
                return refusal is null;
            }
        }
    }

    /// <summary>How the key's limits stand, without asking anything.</summary>
    public KeyRates RatesOf(VirtualKey key)
    {
        if (key is { RequestsPerMinute: null, TokensPerMinute: null }) return KeyRates.None;
        var meter = _meters.GetValueOrDefault(key.Id) ?? new KeyMeter();
        lock (meter) return meter.RatesOf(key, time.Now());
    }

    private KeyMeter Begin(string id)
    {
        if (Interlocked.Increment(ref _begun) % SweepEvery == 0) Sweep();
        return _meters.GetOrAdd(id, static _ => new KeyMeter());
    }

    private void Sweep()
    {
        var now = time.Now();
        foreach (var (id, meter) in _meters)
        {
            lock (meter)
            {
                if (meter.Inside > 0 || now - meter.LastUse < Forgotten) continue;
                meter.IsDropped = true;
                _meters.TryRemove(id, out _);
            }
        }
    }
}
