using System.Globalization;
using LlmGateway.Client;
using LlmGateway.Server.Keys;
using LlmGateway.Wire;
using Microsoft.AspNetCore.Http;

namespace LlmGateway.Server.Calls;

/// <summary>One request of a caller's and what is answered: the headers that say what happened, the body, or the error in the caller's dialect.</summary>
internal sealed class Exchange(HttpContext http, Protocol protocol, TimeProvider time)
{
    private const int MaxLossesLength = 1024;

    public HttpContext Http => http;

    public Protocol Protocol => protocol;

    /// <summary>What is known of the call; null before it is begun.</summary>
    public CallScope? Scope { get; set; }

    /// <summary>What was taken of the caller's limits. Never null.</summary>
    public KeyLease Lease { get; set; } = KeyLease.Unlimited;

    public bool HasStarted => http.Response.HasStarted;

    /// <summary>Says what happened so far. Must come before the body.</summary>
    public void Describe(CallRecord? record, bool? isRelayed, IReadOnlyList<string> losses)
    {
        var headers = http.Response.Headers;
        Name();
        if (isRelayed is { } relayed) headers["x-llm-gateway-mode"] = relayed ? "relay" : "translate";
        if (Scope?.Call is not { } call) return;
        if ((call.AnsweredBy ?? call.LastAsked) is { } target)
        {
            headers["x-llm-gateway-vendor"] = Safe(target.Provider.Name);
            headers["x-llm-gateway-model"] = Safe(record?.Model ?? target.Model);
        }

        var attempts = record?.Attempts.Count ?? (call.Attempts.Count + (isRelayed is null ? 0 : 1));
        headers["x-llm-gateway-attempts"] = attempts.ToString(CultureInfo.InvariantCulture);
        if (record is not null)
        {
            headers["x-llm-gateway-cost-usd"] = record.Usage.TotalCostUsd is { } cost ? cost.ToString(CultureInfo.InvariantCulture) : "unknown";
            headers["x-llm-gateway-cached-tokens"] = record.Usage.CacheReadTokens.ToString(CultureInfo.InvariantCulture);
        }

        if (losses.Count > 0)
        {
            var text = Safe(string.Join(" | ", losses));
            headers["x-llm-gateway-losses"] = text.Length > MaxLossesLength ? $"{text[..MaxLossesLength]}..." : text;
        }
    }

    /// <summary>Says what is known from the beginning on: the request's name, the caller's own where that is harmless, the call, its route and what is left of the key's limits.</summary>
    public void Name()
    {
        var id = Scope?.Call?.Id ?? http.TraceIdentifier;
        var given = http.Request.Headers["x-request-id"];
        var name = given is [{ Length: > 0 and <= 128 } own] && own.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ':') ? own : id;
        http.Response.Headers["x-request-id"] = name;
        if (protocol.RequestIdHeader != "x-request-id") http.Response.Headers[protocol.RequestIdHeader] = name;
        foreach (var (header, value) in RateHeaders.Of(protocol.Dialect.Name, Lease.Rates, time.GetUtcNow())) http.Response.Headers[header] = value;
        if (Scope?.Call is not { } call) return;
        http.Response.Headers["x-llm-gateway-call-id"] = call.Id;
        if (call.RouteName is { } route) http.Response.Headers["x-llm-gateway-route"] = Safe(route);
    }

    public async Task WriteWholeAsync(LlmResponse<LlmReply> response)
    {
        var losses = new List<string>(response.Metadata.Losses);
        if (response.Content.Wire is { } wire && wire.Dialect == protocol.Dialect.Name)
        {
            Describe(response.Metadata, isRelayed: true, losses);
            await WriteAsync(200, wire.Body, wire.ContentType ?? "application/json").ConfigureAwait(false);
            return;
        }

        using var body = new PooledBuffer();
        protocol.Dialect.EncodeReply(Named(response.Content), body, losses);
        Describe(response.Metadata, isRelayed: false, losses);
        await WriteAsync(200, body.WrittenMemory, "application/json").ConfigureAwait(false);
    }

    /// <summary>The head of a reply whose vendor gives it no name and no time: clients count on both.</summary>
    public HeaderDelta Head() => new() { Id = MadeUpId(), CreatedAt = Scope?.Call?.StartedAt };

    /// <summary>Answers with JSON of the protocol's.</summary>
    public Task WriteJsonAsync(ReadOnlyMemory<byte> body) => WriteAsync(200, body, "application/json");

    /// <summary>Answers with an error, where nothing has been written yet.</summary>
    public async Task WriteErrorAsync(CallError error, CallRecord? record)
    {
        Describe(record, null, []);
        var headers = http.Response.Headers;
        foreach (var (name, value) in error.Headers) headers[name] = value;
        headers["x-should-retry"] = error.MayRetry ? "true" : "false";
        if (error.Error.RetryAfter is { } after)
        {
            headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(after.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            headers["retry-after-ms"] = Math.Max(1, (long)Math.Ceiling(after.TotalMilliseconds)).ToString(CultureInfo.InvariantCulture);
        }

        if (error.Wire is { } wire && wire.Dialect == protocol.Dialect.Name)
        {
            await WriteAsync(error.Status ?? 500, wire.Body, wire.ContentType ?? "application/json").ConfigureAwait(false);
            return;
        }

        using var body = new PooledBuffer();
        var usual = protocol.Dialect.EncodeError(error.Error, body);
        await WriteAsync(error.Status ?? usual, body.WrittenMemory, "application/json").ConfigureAwait(false);
    }

    private LlmReply Named(LlmReply reply) => reply with
    {
        Id = reply.Id is { Length: > 0 } id ? id : MadeUpId(),
        CreatedAt = reply.CreatedAt ?? Scope?.Call?.StartedAt,
    };

    private string MadeUpId() => protocol.IdPrefix + (Scope?.Call?.Id ?? http.TraceIdentifier);

    private async Task WriteAsync(int status, ReadOnlyMemory<byte> body, string contentType)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = contentType;
        http.Response.ContentLength = body.Length;
        await http.Response.BodyWriter.WriteAsync(body, http.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>As a header may hold it.</summary>
    private static string Safe(string text) => text.All(static c => c is >= ' ' and < (char)127) ? text : string.Create(text.Length, text, static (into, from) =>
    {
        for (var i = 0; i < from.Length; i++) into[i] = from[i] is >= ' ' and < (char)127 ? from[i] : '?';
    });
}
