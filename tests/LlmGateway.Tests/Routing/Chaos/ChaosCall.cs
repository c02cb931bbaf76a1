using LlmGateway.Messages;

namespace LlmGateway.Tests.Routing.Chaos;

/// <summary>One caller, of whatever sort, who looks closely at what he gets.</summary>
internal sealed class ChaosCall(ChaosScene scene, int seed, int number, string[] routes)
{
    private static readonly string[] Kinds = ["text", "reply", "tools", "stream", "stream", "stream", "stream-tools", "stream-tools", "typed", "typed-stream", "items", "items"];

    private readonly Random _random = ChaosAnswers.Chance(seed, "call", number);
    private readonly string _name = $"c{number}";

    /// <summary>The time that this caller took for himself.</summary>
    private TimeSpan _dawdled;

    public async Task RunAsync()
    {
        var kind = Kinds[_random.Next(Kinds.Length)];
        var options = new LlmCallOptions
        {
            Model = routes[_random.Next(routes.Length)],
            Tags = new Dictionary<string, string> { ["call"] = _name, ["kind"] = kind, ["user"] = $"u{_random.Next(4)}" },
            Tools = kind.EndsWith("tools", StringComparison.Ordinal) ? [new LlmTool(ChaosAnswers.ToolName, null, default)] : null,
        };
        var prompt = new string('x', _random.Next(1, 300));
        using var cancel = new CancellationTokenSource(_random.Next(8) == 0 ? TimeSpan.FromMilliseconds(_random.Next(1, 20_000)) : TimeSpan.FromHours(10), scene.Clock);
        var began = scene.Clock.GetUtcNow();
        CallRecord? record = null;
        try
        {
            record = kind switch
            {
                "text" => await TextAsync(prompt, options, cancel.Token),
                "reply" or "tools" => await ReplyAsync(prompt, options, cancel.Token),
                "stream" or "stream-tools" => await StreamAsync(prompt, options, cancel.Token),
                "typed" => await TypedAsync(prompt, options, cancel.Token),
                "typed-stream" => await TypedStreamAsync(prompt, options, cancel.Token),
                _ => await ItemsAsync(prompt, options, cancel.Token),
            };
        }
        catch (GatewayException e)
        {
            record = e.Record;
            if (record is null) Wrong($"an error without a record: {e}");
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
        }
        catch (Exception e)
        {
            Wrong($"{kind} ended with {e}");
        }

        CheckTime(kind, scene.Clock.GetUtcNow() - began - _dawdled, record);
    }

    private void CheckTime(string kind, TimeSpan took, CallRecord? record)
    {
        var attempts = record?.Attempts.Count ?? (scene.Config.MaxRetries + scene.Config.MaxReasks + 1);
        // A vendor takes up to 2 s to end a request, and the clock moves in steps.
        var slack = TimeSpan.FromSeconds(1 + (2.2 * (attempts + 1)));
        var most = scene.Config.DeadlineSeconds is { } deadline
            ? TimeSpan.FromSeconds(deadline)
            // Each attempt waits for its place, has up to three times its time, and is waited after.
            : (attempts + 1) * TimeSpan.FromSeconds((3 * 40) + 60 + 60);
        if (took > most + slack) Wrong($"{kind} took {took.TotalSeconds} s, with {slack.TotalSeconds} s grace, deadline {scene.Config.DeadlineSeconds}: {string.Join(" | ", record?.Attempts.Select(a => $"{a.Target} {a.StartedAt:mm:ss.f}+{a.Latency.TotalSeconds} {a.Outcome} {a.ErrorKind} {a.EndedBecause}→{a.NextBecause} {a.RetryDelay}") ?? [])}");
    }

    private async Task<CallRecord> TextAsync(string prompt, LlmCallOptions options, CancellationToken cancellationToken)
    {
        var response = await scene.Client.CompleteTextAsync(prompt, options, cancellationToken);
        if (!Answers().Contains(response.Content)) Wrong($"got the text '{response.Content}'");
        return response.Metadata;
    }

    private async Task<CallRecord> ReplyAsync(string prompt, LlmCallOptions options, CancellationToken cancellationToken)
    {
        var response = await scene.Client.CompleteAsync([LlmMessage.User(prompt)], options, cancellationToken);
        CheckReply(response.Content, options);
        return response.Metadata;
    }

    private async Task<CallRecord?> StreamAsync(string prompt, LlmCallOptions options, CancellationToken cancellationToken)
    {
        var held = new ReplyBuilder();
        var stopAfter = _random.Next(6) == 0 ? _random.Next(12) : int.MaxValue;
        var isSlow = _random.Next(4) == 0;
        try
        {
            await foreach (var delta in scene.Client.StreamAsync(prompt, options, cancellationToken))
            {
                if (delta is ResponseDelta { Response: var response })
                {
                    CheckReply(response.Content, options);
                    var folded = held.Build();
                    if (Words(folded) != Words(response.Content)) Wrong($"was handed {Words(folded)}, and the reply is {Words(response.Content)}");
                    if (folded.Usage != response.Content.Usage) Wrong($"was handed the usage {folded.Usage}, and the reply has {response.Content.Usage}");
                    return response.Metadata;
                }

                held.Add(delta);
                if (stopAfter-- == 0) return null;
                if (isSlow && _random.Next(3) == 0) await DawdleAsync(cancellationToken);
            }

            Wrong("the stream ended without an end");
            return null;
        }
        catch (GatewayException e)
        {
            // What was handed out is told, so that nobody needs to keep it.
            var text = held.Build().Text;
            if (text.Length > 0 && (e as ProviderException)?.PartialReply?.Text != text) Wrong($"was handed '{text}', and the error says '{(e as ProviderException)?.PartialReply?.Text}': {e.Message}");
            throw;
        }
    }

    private async Task<CallRecord> TypedAsync(string prompt, LlmCallOptions options, CancellationToken cancellationToken)
    {
        var response = await scene.Client.CompleteAsync<ChaosSum>(prompt, options, cancellationToken);
        Check(response.Content);
        return response.Metadata;
    }

    private async Task<CallRecord?> TypedStreamAsync(string prompt, LlmCallOptions options, CancellationToken cancellationToken)
    {
        var stopAfter = _random.Next(6) == 0 ? _random.Next(12) : int.MaxValue;
        var last = "";
        await foreach (var delta in scene.Client.StreamAsync<ChaosSum>(prompt, options, cancellationToken))
        {
            if (delta is FinalDelta<ChaosSum> final)
            {
                Check(final.Response.Content);
                if (!last.Contains($"\"total\":{final.Response.Content.Total}", StringComparison.Ordinal)) Wrong($"the last snapshot is {last}, the answer {final.Response.Content}");
                return final.Response.Metadata;
            }

            if (delta is PartialDelta<ChaosSum> partial) last = partial.Snapshot.ToString()!;
            if (delta is RestartedDelta<ChaosSum>) last = "";
            if (stopAfter-- == 0) return null;
            if (_random.Next(20) == 0) await DawdleAsync(cancellationToken);
        }

        Wrong("the typed stream ended without an end");
        return null;
    }

    private async Task<CallRecord?> ItemsAsync(string prompt, LlmCallOptions options, CancellationToken cancellationToken)
    {
        List<ChaosItem> items = [];
        var stopAfter = _random.Next(6) == 0 ? _random.Next(4) : int.MaxValue;
        var stream = scene.Client.StreamItemsAsync<ChaosItem>(prompt, options, cancellationToken);
        await foreach (var item in stream)
        {
            items.Add(item);
            if (stopAfter-- == 0) return stream.Record;
            if (_random.Next(5) == 0) await DawdleAsync(cancellationToken);
        }

        if (!Enumerable.Range(0, ChaosAnswers.Variants).Any(variant => items.SequenceEqual(ChaosAnswers.Items(_name, variant)))) Wrong($"got the items {string.Join(";", items)}");
        return stream.Record;
    }

    private IEnumerable<string> Answers() => Enumerable.Range(0, ChaosAnswers.Variants).Select(variant => ChaosAnswers.Text(_name, variant));

    private void Check(ChaosSum sum)
    {
        if (!Enumerable.Range(0, ChaosAnswers.Variants).Any(variant => ChaosAnswers.Sum(_name, variant) is var good && good.Text == sum.Text && good.Total == sum.Total && good.Numbers.SequenceEqual(sum.Numbers))) Wrong($"got {sum}");
    }

    private void CheckReply(LlmReply reply, LlmCallOptions options)
    {
        var isGood = reply.FinishReason switch
        {
            FinishReason.Stop => options.Tools is null && reply.Parts is [TextPart text] && Answers().Contains(text.Text),
            FinishReason.ToolCalls => reply.Parts is [TextPart text, ToolCallPart call] && Enumerable.Range(0, ChaosAnswers.Variants).Any(v => ChaosAnswers.Text(_name, v) == text.Text && ChaosAnswers.Arguments(_name, v) == call.ArgumentsJson),
            // The vendor says that it is no answer.
            FinishReason.Refusal => reply.Parts is [.., RefusalPart { Text: "I would rather not." }],
            FinishReason.ContentFilter => Answers().Any(answer => answer.StartsWith(reply.Text, StringComparison.Ordinal)),
            _ => false,
        };
        if (!isGood) Wrong($"got {Words(reply)}");
    }

    private static string Words(LlmReply reply) => $"{reply.FinishReason}: {string.Join(", ", reply.Parts.Select(part => part switch
    {
        TextPart text => $"'{text.Text}'",
        RefusalPart refusal => $"no '{refusal.Text}'",
        ToolCallPart call => $"{call.Id} {call.Name} {call.ArgumentsJson}",
        _ => part.GetType().Name,
    }))}";

    private async Task DawdleAsync(CancellationToken cancellationToken)
    {
        var began = scene.Clock.GetUtcNow();
        try
        {
            await Task.Delay(TimeSpan.FromMilliseconds(_random.Next(1, 6000)), scene.Clock, cancellationToken);
        }
        finally
        {
            _dawdled += scene.Clock.GetUtcNow() - began;
        }
    }

    private void Wrong(string what) => scene.Wrong(_name, what);
}
