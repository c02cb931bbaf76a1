using System.Runtime.CompilerServices;
using System.Text.Json;
using LlmGateway.Client;
using LlmGateway.Messages;
using LlmGateway.Routing;
using LlmGateway.Routing.Rescue;
using LlmGateway.StructuredOutput;

namespace LlmGateway;

public sealed partial class LlmClient
{
    private readonly WireContracts _contracts = new();

    /// <summary>
    /// Answers a request that came over the wire. Where it asks for JSON by a schema, or for any object, the reply's text is that,
    /// whatever the model can do: put to it in its own way, read, mended, checked against the full schema, and asked for again.
    /// </summary>
    /// <remarks>A refusal, a cut answer and calls of the caller's tools come back as the replies they are: each protocol has its words for them.</remarks>
    /// <param name="request">The request.</param>
    /// <param name="checkNative">Whether a model is also checked that keeps to schemas itself, where it speaks the caller's protocol.</param>
    /// <param name="cancellationToken">Ends the call at once.</param>
    /// <exception cref="ResponseValidationException">The last answer allowed was still invalid.</exception>
    /// <exception cref="ArgumentException">The schema can't be checked, or does not go together with the request's tools.</exception>
    internal Task<LlmResponse<LlmReply>> AnswerAsync(LlmRequest request, bool checkNative, CancellationToken cancellationToken)
    {
        if (!IsOfShape(request)) return CompleteAsync(request, cancellationToken);
        return RunAsync(Complete(request) with { Stream = false }, (call, route, asked, token) => AskOfShapeAsync(call, route, asked, checkNative, token), cancellationToken);
    }

    /// <summary>The same in pieces: as they come from a target that is believed, else once the whole is valid.</summary>
    /// <inheritdoc cref="AnswerAsync"/>
    internal IAsyncEnumerable<LlmDelta> AnswerStreamAsync(LlmRequest request, bool checkNative, CancellationToken cancellationToken)
    {
        if (!IsOfShape(request)) return StreamAsync(request, cancellationToken);
        return RunStreamAsync(
            Complete(request),
            (call, route, asked, token) =>
            {
                if (IsPassedOn(route, asked, checkNative)) return Untyped(call, route, asked, token);
                LlmReply? answer = null;
                return new CallStream<LlmDelta>(PiecesAsync(call, route, asked, checkNative, reply => answer = reply, token))
                {
                    Last = record => new ResponseDelta(new LlmResponse<LlmReply>(answer!, record)),
                };
            },
            cancellationToken);
    }

    /// <summary>Whether the answer is to be JSON.</summary>
    private static bool IsOfShape(LlmRequest request) => request.OutputSchema is not null || request.JsonMode;

    private static bool IsPassedOn(Route route, LlmRequest request, bool checkNative)
    {
        foreach (var target in route.Targets.Targets)
            if (!WireAsk.IsPassedOn(request, target, checkNative)) return false;
        return true;
    }

    private async Task<LlmReply> AskOfShapeAsync(Call call, Route route, LlmRequest request, bool checkNative, CancellationToken cancellationToken)
    {
        if (IsPassedOn(route, request, checkNative)) return await AskAsync(call, route, request, cancellationToken).ConfigureAwait(false);
        var (ask, loop) = Begin(call, route, request, checkNative);
        while (true)
        {
            var reply = await _router.AskAsync(route, call, ask, cancellationToken).ConfigureAwait(false);
            if (await TakeAsync(ask, loop, reply).ConfigureAwait(false) is { } answer) return answer;
        }
    }

    /// <summary>What a believed target says goes out as it comes. What another says is held back until it is valid, and then joined to what went out before, where anything did.</summary>
    private async IAsyncEnumerable<LlmDelta> PiecesAsync(Call call, Route route, LlmRequest request, bool checkNative, Action<LlmReply> answered, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (ask, loop) = Begin(call, route, request, checkNative);
        var handed = new ReplyBuilder();
        LlmReply? answer;
        do
        {
            await foreach (var delta in _router.StreamAsync(route, call, ask, cancellationToken).ConfigureAwait(false))
            {
                if (ask.IsHeldBack(ask.Target))
                {
                    ask.HoldsBackAll = handed.HasParts;
                    continue;
                }

                // Nobody can go on with what a route's only target says.
                if (!route.HasOne) handed.Add(delta);
                yield return delta;
            }

            answer = await TakeAsync(ask, loop, call.Reply!).ConfigureAwait(false);
        }
        while (answer is null);

        if (ask.IsHeldBack(ask.Target))
        {
            call.SetFirstToken();
            var join = handed.HasParts ? new SpliceRescuer(request, handed, ask.Target.Provider.Name, ask.Target.Model) : null;
            foreach (var delta in ReplyDeltas.Of(answer))
            {
                if (join is null)
                {
                    yield return delta;
                    continue;
                }

                var diverged = join.Take(delta);
                while (join.TryGive(out var given)) yield return given;
                if (diverged is not null) throw diverged;
            }

            answer = join?.ReplyOf(answer) ?? answer;
        }

        answered(answer);
    }

    private (WireAsk Ask, AnswerLoop<JsonElement> Loop) Begin(Call call, Route route, LlmRequest request, bool checkNative)
    {
        var contract = _contracts.Of(request);
        var ask = new WireAsk(request, contract, checkNative);
        var loop = _structured.Begin(call, route, ask, contract, AnswerPolicy.Of(_config, null), check: null);
        var answers = ask.Answers!;
        ask.Answers = target =>
        {
            if (ask.IsPassedOn(target)) call.SetUnshaped();
            else answers(target);
        };
        return (ask, loop);
    }

    /// <summary>What the caller gets of a reply; null where the model is to be asked again.</summary>
    private static async ValueTask<LlmReply?> TakeAsync(WireAsk ask, AnswerLoop<JsonElement> loop, LlmReply reply)
    {
        if (ask.IsPassedOn(ask.Target)) return reply;
        if (await loop.TryEnlargeAsync(reply).ConfigureAwait(false)) return null;
        if (reply.FinishReason is FinishReason.Refusal or FinishReason.ContentFilter or FinishReason.Length) return ask.Shown(reply);
        try
        {
            await loop.TakeAsync(reply).ConfigureAwait(false);
        }
        catch (ToolCallsRequestedException e)
        {
            return ask.Shown(e.Reply);
        }

        return loop.IsDone ? WireAsk.WithAnswer(reply, loop.Answer.GetRawText()) : null;
    }
}
