using System.Net;
using System.Runtime.CompilerServices;
using LlmGateway.Server.Calls;
using LlmGateway.Server.Keys;
using LlmGateway.Server.Models;
using Microsoft.AspNetCore.Http;

namespace LlmGateway.Server.Callers;

/// <summary>Says who asks, what it may ask, and whether its limits have room.</summary>
/// <param name="keys">The keys; null where there are none and can be none.</param>
/// <param name="options">Whether a key is asked for while there are none.</param>
/// <param name="own">The gateway's own provider, as rules of keys name it.</param>
/// <param name="time">The clock.</param>
internal sealed class CallerGate(KeyStore? keys, LlmGatewayServerOptions options, string own, TimeProvider time)
{
    private readonly ConditionalWeakTable<VirtualKey, Caller> _callers = [];
    private readonly KeyGate _gate = new(time);

    /// <summary>Whether callers are asked for keys.</summary>
    public bool HasKeys => options.RequireKeys || keys is { HasKeys: true };

    /// <exception cref="BadRequestException">There are keys, and the request has none that is good.</exception>
    public Caller Identify(HttpContext http)
    {
        var presented = PresentedKey.In(http.Request);

        // Before the first key is known, clients send anything; what has the form of a key may be the first.
        if (keys is not null && (keys.HasKeys || KeyText.IsWellFormed(presented)))
        {
            if (keys.TryFind(presented, out var key, out var refusal)) return _callers.GetValue(key, static one => Caller.Of(one));
            if (HasKeys) throw Refused(refusal);
        }

        if (HasKeys) throw Refused(presented.Length > 0 ? KeyRefusal.Unknown : KeyRefusal.Missing);
        CheckHost(http);
        return Caller.Anybody;
    }

    /// <exception cref="BadRequestException">The key may not use one of them, or name fallbacks.</exception>
    public void Allow(Caller caller, IReadOnlyList<ModelName> names, bool hasFallbacks)
    {
        if (caller.Key is not { } key) return;
        if (hasFallbacks && KeyRules.Fallbacks(key) is { } no) throw Refused(no);
        foreach (var name in names)
            if (WhyNot(key, name) is { } refusal) throw Refused(refusal);
    }

    /// <summary>Whether the caller may use what the name means.</summary>
    public bool IsAllowed(Caller caller, ModelName name) => caller.Key is not { } key || WhyNot(key, name) is null;

    /// <summary>Takes a call's share of the key's limits.</summary>
    /// <returns>What was taken, to be ended when the call is over.</returns>
    /// <exception cref="BadRequestException">A limit is reached.</exception>
    public KeyLease Admit(Caller caller, long tokens, string dialect)
    {
        if (caller.Key is not { } key) return KeyLease.Unlimited;
        return _gate.TryAdmit(key, tokens, out var lease, out var refusal) ? lease : throw Refused(refusal, HeadersOf(refusal.Rates, dialect));
    }

    /// <summary>The headers that tell a client of that dialect what is left of its limits.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> HeadersOf(KeyRates? rates, string dialect) => RateHeaders.Of(dialect, rates, time.GetUtcNow());

    private KeyRefusal? WhyNot(VirtualKey key, ModelName name)
    {
        if (name.Route is { } route) return KeyRules.Route(key, route.Name);
        if (name.Targets is null) return KeyRules.Model(key, own, name.OwnModel);
        foreach (var target in name.Targets)
            if (KeyRules.Model(key, target.Vendor, target.Model) is { } refusal) return refusal;
        return null;
    }

    private static BadRequestException Refused(KeyRefusal refusal, IReadOnlyList<KeyValuePair<string, string>>? headers = null) => new(
        refusal.HttpStatus switch
        {
            401 or 403 => ProviderErrorKind.Authentication,
            503 => ProviderErrorKind.Overloaded,
            _ => ProviderErrorKind.RateLimited,
        },
        refusal.Message)
    {
        Status = refusal.HttpStatus,
        RetryAfter = refusal.RetryAfter,
        Headers = headers ?? [],
    };

    /// <summary>A page that a browser shows here can have its own name point to this machine; the name it asks for gives it away.</summary>
    public static bool IsAskedByItsName(HttpContext http)
    {
        if (http.Connection.LocalIpAddress is not { } local || !IPAddress.IsLoopback(local)) return true;
        var host = http.Request.Host.Host;
        return host is "localhost" or "" || IPAddress.TryParse(host.Trim('[', ']'), out _);
    }

    private static void CheckHost(HttpContext http)
    {
        if (IsAskedByItsName(http)) return;
        throw new BadRequestException(ProviderErrorKind.InvalidRequest, "Without keys the gateway answers on this machine only, by its address or as localhost: the header Host has another name.") { Status = 421 };
    }
}
