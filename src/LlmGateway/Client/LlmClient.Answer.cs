using System.Runtime.CompilerServices;
using LlmGateway.Client;
using LlmGateway.Messages;
using LlmGateway.Routing;
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

    /// <summary>The same in pieces: as they come where the model is believed, else once the whole is valid.</summary>
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
                return new CallStream<LlmDelta>(PiecesAsync(call, route, asked with { Stream = false }, checkNative, reply => answer = reply, token))
                {
                    Last = record => new ResponseDelta(new LlmResponse<LlmReply>(answer!, record)),
                };
            },
            cancellationToken);
    }

    /// <summary>Whether the answer is to be JSON. Where a tool must be called there is none.</summary>
    private static bool IsOfShape(LlmRequest request)
        => (request.OutputSchema is not null || request.JsonMode) && request.ToolChoice?.Mode is not (LlmToolChoiceMode.Required or LlmToolChoiceMode.Named);

    private static bool IsPassedOn(Route route, LlmRequest request, bool checkNative)
    {
        foreach (var target in route.Targets.Targets)
            if (!WireAsk.IsPassedOn(request, target, checkNative)) return false;
        return true;
    }

    private async IAsyncEnumerable<LlmDelta> PiecesAsync(Call call, Route route, LlmRequest request, bool checkNative, Action<LlmReply> answered, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reply = await AskOfShapeAsync(call, route, request, checkNative, cancellationToken).ConfigureAwait(false);
        call.SetFirstToken();
        answered(reply);
        foreach (var delta in ReplyDeltas.Of(reply)) yield return delta;
    }

    private async Task<LlmReply> AskOfShapeAsync(Call call, Route route, LlmRequest request, bool checkNative, CancellationToken cancellationToken)
    {
        if (IsPassedOn(route, request, checkNative)) return await AskAsync(call, route, request, cancellationToken).ConfigureAwait(false);
        var contract = _contracts.Of(request);
        var ask = new WireAsk(request, contract, checkNative);
        var loop = _structured.Begin(call, route, ask, contract, AnswerPolicy.Of(_config, null), check: null);
        var answers = ask.Answers!;
        ask.Answers = target =>
        {
            if (!ask.IsPassedOn(target)) answers(target);
        };
        while (true)
        {
            var reply = await _router.AskAsync(route, call, ask, cancellationToken).ConfigureAwait(false);
            if (ask.IsPassedOn(ask.Target)) return reply;
            if (reply.FinishReason is FinishReason.Refusal or FinishReason.ContentFilter or FinishReason.Length) return WireAsk.Shown(reply);
            try
            {
                await loop.TakeAsync(reply).ConfigureAwait(false);
            }
            catch (ToolCallsRequestedException e)
            {
                return WireAsk.Shown(e.Reply);
            }

            if (loop.IsDone) return WireAsk.WithAnswer(reply, loop.Answer.GetRawText());
        }
    }
}
