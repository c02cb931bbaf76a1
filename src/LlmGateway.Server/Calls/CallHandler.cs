using LlmGateway.Client;
using LlmGateway.Dialects;
using LlmGateway.Relay;
using LlmGateway.Routing.Targets;
using LlmGateway.Server.Callers;
using LlmGateway.Server.Hosting;
using LlmGateway.Server.Models;
using Microsoft.AspNetCore.Http;

namespace LlmGateway.Server.Calls;

/// <summary>Takes a request in a vendor's protocol the whole way: who asks, what, of whom, and the answer in the same protocol.</summary>
internal sealed class CallHandler(Gateway gateway, RequestFrame frame)
{
    public Task HandleAsync(HttpContext http, Protocol protocol, RequestAddress address) => frame.RunAsync(http, protocol, (exchange, caller, body, token) => ServeAsync(exchange, caller, body, address, token));

    private async Task ServeAsync(Exchange exchange, Caller caller, ReadOnlyMemory<byte> body, RequestAddress address, CancellationToken cancellationToken)
    {
        var request = Compose(exchange, caller, body, address);
        exchange.Lease = gateway.Callers.Admit(caller, new RequestNeeds(request).Tokens, exchange.Protocol.Dialect.Name);
        if (request.Stream) await StreamAsync(exchange, request, cancellationToken).ConfigureAwait(false);
        else await exchange.WriteWholeAsync(await gateway.Client.AnswerAsync(request, gateway.Options.CheckNativeSchemas, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
    }

    private async Task StreamAsync(Exchange exchange, LlmRequest request, CancellationToken cancellationToken)
    {
        gateway.StreamBegins();
        try
        {
            await new StreamedAnswer(exchange, gateway).WriteAsync(request, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            gateway.StreamEnds();
        }
    }

    private LlmRequest Compose(Exchange exchange, Caller caller, ReadOnlyMemory<byte> body, RequestAddress address)
    {
        var protocol = exchange.Protocol;
        var decoded = protocol.Dialect.DecodeRequest(body, address);
        var (own, others) = AskedFallbacks.Take(ref decoded);
        var names = NamesOf(own, others);
        var resolved = names.ConvertAll(name => gateway.Models.Resolve(name, protocol.Dialect.Name));
        gateway.Callers.Allow(caller, resolved, hasFallbacks: names.Count > 1);
        var scope = new CallScope { Targets = TargetsOf(resolved), Budgets = caller.Budgets };
        exchange.Scope = scope;
        var wire = new WireRequest
        {
            Dialect = protocol.Dialect.Name,
            Body = others.Count > 0 ? AskedFallbacks.Without(body) : body,
            Query = protocol.PassedQuery is { } query && exchange.Http.Request.QueryString.Value is { } given && given.Contains(query, StringComparison.Ordinal) ? query : "",
            Headers = PassedOf(exchange.Http.Request, protocol),
        };
        return wire.AttachTo(decoded with
        {
            Model = scope.Targets is null && resolved[0].OwnModel is { Length: > 0 } model ? model : names[0],
            Tags = caller.Tags,
            Scope = scope,
        });
    }

    /// <summary>A route keeps its policy where nothing else is to be asked; with fallbacks behind it, it is its targets in their order.</summary>
    private IReadOnlyList<RouteTarget>? TargetsOf(List<ModelName> names)
    {
        if (names is [{ Targets: null } or { Route: not null }]) return null;
        if (names is [{ Targets: { } only }]) return gateway.Config.Fallbacks.Count == 0 || only is [{ Vendor: SimulatedProvider.ProviderName }] ? only : [.. only, .. gateway.Config.Fallbacks];
        return [.. names.SelectMany(name => name.Targets ?? [new RouteTarget { Vendor = gateway.Config.Provider, Model = name.OwnModel }]).DistinctBy(target => target.ToString())];
    }

    private List<string> NamesOf(string own, IReadOnlyList<string> others)
    {
        if (own.Length > 0) return [own, .. others];
        if (others.Count > 0) return [.. others];
        return gateway.Client.Model is { Length: > 0 } usual ? [usual] : throw new BadRequestException(ProviderErrorKind.InvalidRequest, "The field \"model\" is missing, and the gateway has no model of its own choice (LLM_MODEL).");
    }

    private static List<KeyValuePair<string, string>> PassedOf(HttpRequest request, Protocol protocol)
    {
        List<KeyValuePair<string, string>> passed = [];
        foreach (var name in protocol.PassedHeaders)
            if (request.Headers[name] is [{ Length: > 0 } value]) passed.Add(new(name, value));
        return passed;
    }
}
