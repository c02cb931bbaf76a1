using System.Runtime.CompilerServices;
using LlmGateway.Client;
using LlmGateway.Messages;
using LlmGateway.Routing.Rescue;
using LlmGateway.Telemetry;

namespace LlmGateway.Routing;

internal sealed partial class Router
{
    /// <summary>
    /// Carries one streamed ask. Until something of the answer has been handed out, an attempt that fails is tried again
    /// like any other; after that another target goes on, where it can do so truthfully, or the error goes out with what was
    /// received.
    /// </summary>
    /// <remarks>What a vendor sent before it failed, or before the caller stopped, is billed: by its own count, else by an estimate.</remarks>
    /// <exception cref="CostLimitExceededException">The budget refused an attempt.</exception>
    /// <exception cref="ProviderException">No attempt succeeded, or the stream died and could not be gone on with.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public async IAsyncEnumerable<LlmDelta> StreamAsync(Route route, Call call, Ask ask, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var run = new RouteRun(this, route, call, ask, isStreamed: true, cancellationToken);
        var attempt = (StreamAttempt)await BeginAsync(run).ConfigureAwait(false);
        if (!ask.IsHeldBack(attempt.Target)) call.SetFirstToken();
        StreamRescuer? rescuer = null;
        while (true)
        {
            await using (attempt.ConfigureAwait(false))
            {
                run.Answers(attempt);
                while (await attempt.ReadAsync().ConfigureAwait(false) is { } delta)
                {
                    if (rescuer is null)
                    {
                        yield return delta;
                        continue;
                    }

                    var diverged = rescuer.Take(delta);
                    while (rescuer.TryGive(out var given)) yield return given;
                    if (diverged is null) continue;
                    attempt.Leave("it gives another answer than what was handed out");
                    throw diverged;
                }

                if (attempt.Error is null)
                {
                    call.SetReply(rescuer is null ? attempt.Reply! : rescuer.ReplyOf(attempt.Reply!));
                    yield break;
                }
            }

            (attempt, rescuer) = await RescueAsync(run, attempt, rescuer?.Handed ?? attempt.Received, isAgain: rescuer is not null).ConfigureAwait(false);
        }
    }

    /// <summary>Has another target go on with a stream that died.</summary>
    /// <returns>Its attempt, which has begun to answer.</returns>
    /// <exception cref="ProviderException">It can't be gone on with: what went wrong, with what was handed out.</exception>
    private async Task<(StreamAttempt Attempt, StreamRescuer Rescuer)> RescueAsync(RouteRun run, StreamAttempt died, ReplyBuilder handed, bool isAgain)
    {
        var error = died.Error!;
        var partial = isAgain ? error.WithPartial(handed.Build()) : error;
        if (!run.CanRescue(error, died.Target))
        {
            run.Call.SetNext(died.Book.Number, run.WhyNoRescue(error, died.Target));
            throw run.Final(partial);
        }

        run.Exclude(died.Target, error);
        Attempt last = died;
        while (true)
        {
            Chosen chosen;
            try
            {
                chosen = await run.PickAsync().ConfigureAwait(false);
            }
            catch (ProviderException)
            {
                throw run.Final(partial);
            }

            var target = chosen.Target;
            if (StreamRescuer.For(run, target, handed) is not { } rescuer)
            {
                target.Abandoned(chosen.Pass);
                run.PassOver(target, "it can't go on with a stream that died (LLM_STREAM_RESCUE)");
                if (run.HasOthers(target)) continue;
                run.Call.SetNext(last.Book.Number, "no target can go on with the stream (LLM_STREAM_RESCUE)");
                throw partial;
            }

            run.Call.SetNext(last.Book.Number, $"{target.Name} goes on with the stream that died ({rescuer.Kind})");
            Logger.Rescuing(died.Target.Name, target.Name, rescuer.Kind);
            Attempt attempt;
            ProviderException? failure;
            try
            {
                var started = await StartAsync(run, chosen, new AttemptPurpose(Rescue: rescuer.Kind), rescuer.Request).ConfigureAwait(false);
                (attempt, failure) = await BeginAsync(started).ConfigureAwait(false);
            }
            catch (GatewayException e)
            {
                // A budget has no room for another request: what was handed out must not be lost for that.
                run.Call.SetNext(last.Book.Number, $"nobody went on with the stream: {e.Message}");
                throw partial.With($"{partial.Text} Nobody could go on with it: {target.Name}: {e.Message}");
            }

            if (failure is null)
            {
                run.Call.CountRescue();
                run.Call.HandedOut = handed.Build();
                CallTelemetry.CountRescue(died.Target, target, rescuer.Kind);
                return ((StreamAttempt)attempt, rescuer);
            }

            last = attempt;
            if (rescuer.Kind == StreamRescue.Continue && failure.Kind == ProviderErrorKind.InvalidRequest)
            {
                // It does not take an answer that is begun. It is known from now on, and is no error of the caller's.
                target.PrefillRefused = true;
                if (run.HasRetry && run.RequestsTo(target) < RetryPolicy.MaxOnOneTarget)
                {
                    run.AskAgain(target);
                    continue;
                }
            }

            try
            {
                await run.AfterAsync(attempt, failure).ConfigureAwait(false);
            }
            catch (ProviderException)
            {
                throw partial.With($"{partial.Text} Nobody could go on with it: {target.Name}: {failure.Text}");
            }
        }
    }
}
