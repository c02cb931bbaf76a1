using LlmGateway.Client;
using LlmGateway.Dialects;
using LlmGateway.Server.Callers;
using LlmGateway.Server.Hosting;
using LlmGateway.Server.Models;
using Microsoft.AspNetCore.Http;

namespace LlmGateway.Server.Calls;

/// <summary>
/// The frame around every request that asks a model: who asks is known, the body is read within its limits, what fails is told
/// in the caller's dialect, and what was taken (a place, a share of the key's limits) is given back.
/// </summary>
internal sealed class RequestFrame(Gateway gateway)
{
    public async Task RunAsync(HttpContext http, Protocol protocol, Func<Exchange, Caller, ReadOnlyMemory<byte>, CancellationToken, Task> serve)
    {
        var exchange = new Exchange(http, protocol, gateway.Time);
        if (!gateway.TryEnter())
        {
            await exchange.WriteErrorAsync(CallError.Of(Busy(), isShuttingDown: false), null).ConfigureAwait(false);
            return;
        }

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, gateway.Drained);
        try
        {
            var caller = gateway.Callers.Identify(http);
            var body = HttpMethods.IsGet(http.Request.Method) ? default : await BodyReader.ReadAsync(http.Request, gateway.Options, ending.Token).ConfigureAwait(false);

            // An answer that is read to its end whoever listens does not end with the caller's leaving.
            await serve(exchange, caller, body, gateway.Options.DrainAbandonedCalls ? gateway.Drained : ending.Token).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            await FailAsync(exchange, e).ConfigureAwait(false);
        }
        finally
        {
            exchange.Lease.End(UsedIn(exchange.Scope?.Call));
            gateway.Leave();
        }
    }

    /// <summary>Refuses a request, in the caller's dialect.</summary>
    public Task RefuseAsync(HttpContext http, Protocol protocol, Exception why) => FailAsync(new Exchange(http, protocol, gateway.Time), why);

    private async Task FailAsync(Exchange exchange, Exception e)
    {
        // Nobody is there to be told.
        if (exchange.Http.RequestAborted.IsCancellationRequested) return;
        if (e is not (GatewayException or BadRequestException or ModelNotFoundException or DialectException or BadHttpRequestException or OperationCanceledException) && e.GetType() != typeof(ArgumentException)) ServerLog.Failed(gateway.Logger, e);
        if (exchange.HasStarted)
        {
            // Half an answer must not look like a whole one.
            exchange.Http.Abort();
            return;
        }

        await exchange.WriteErrorAsync(CallError.Of(e, gateway.Drained.IsCancellationRequested), (e as GatewayException)?.Record).ConfigureAwait(false);
    }

    private static BadRequestException Busy() => new(ProviderErrorKind.Overloaded, "The gateway has too many calls under way.") { RetryAfter = TimeSpan.FromSeconds(1) };

    /// <summary>The tokens of all attempts; 0 where none was made, null where they are not known.</summary>
    private static long? UsedIn(Call? call)
    {
        if (call is null) return 0;
        long tokens = 0;
        foreach (var attempt in call.Attempts)
        {
            if (attempt.Usage.IsEstimated) return null;
            tokens += attempt.Usage.TotalTokens;
        }

        return tokens;
    }
}
