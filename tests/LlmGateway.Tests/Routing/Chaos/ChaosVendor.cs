using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using LlmGateway.Messages;
using LlmGateway.StructuredOutput;
using LlmGateway.Tests.Budgets;
using LlmGateway.Tests.Fakes;

namespace LlmGateway.Tests.Routing.Chaos;

/// <summary>What a vendor may do: the rows of the table in docs/reliability.md, and what is odder.</summary>
internal enum Misdeed
{
    None,
    RateLimited,
    RateLimitedBriefly,
    RateLimitedLong,
    RateLimitedTooLong,
    Overloaded,
    ServerError,
    Refused,
    Silent,
    Late,
    VeryLate,
    Cut,
    EndsEarly,
    Stalls,
    PingsFirst,
    Pings,
    Drips,
    ErrorEventFirst,
    ErrorEvent,
    ContextLength,
    Refusal,
    Filter,
    FilterError,
    Unauthorized,
    NotFound,
    BadRequest,
    Malformed,
    MalformedLater,
    Invalid,
    Null,
    NullPieces,
    OwnException,
    OwnExceptionLater,
    OwnTimeout,
    OwnCancellation,
    FailsToClose,
}

/// <summary>One request as its vendor saw it.</summary>
internal sealed record Visit(string Vendor, string Call, Misdeed Misdeed, DateTimeOffset Began)
{
    public DateTimeOffset Ended { get; set; }

    public TimeSpan? RetryAfter { get; set; }
}

/// <summary>A vendor that does whatever there is to do, by chance, and keeps its own log and its own count of what it bills: four characters to a token.</summary>
internal sealed class ChaosVendor(string name, int seed, double wickedness, ModelCapabilities capabilities, bool refusesPrefill, ConcurrentQueue<Visit> log, ChaosClock clock) : ILlmProvider
{
    /// <summary>Those in the middle of a stream are the most intricate, and come oftener.</summary>
    private static readonly Misdeed[] Misdeeds = [.. Enum.GetValues<Misdeed>().Where(m => m != Misdeed.None).SelectMany(m => Enumerable.Repeat(m, IsBroken(m) || m == Misdeed.Pings ? 5 : 1))];

    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<string, int> _asked = new();
    private decimal _counted;
    private decimal _partly;
    private decimal _untold;
    private int _opened;
    private int _closed;

    public string Name => name;

    public string DefaultModel => $"{name}-1";

    public decimal Counted => _counted;

    public decimal Partly => _partly;

    public decimal Untold => _untold;

    public int Opened => _opened;

    public int Closed => _closed;

    /// <summary>Requests that no vendor could answer: a beginning that is of no answer.</summary>
    public ConcurrentQueue<string> Nonsense { get; } = new();

    public ModelCapabilities GetCapabilities(string model) => capabilities;

    public async Task<LlmReply> CompleteAsync(LlmRequest request, CancellationToken cancellationToken)
    {
        var (visit, chance) = Enter(request);
        try
        {
            if (visit.Misdeed == Misdeed.Null) return null!;
            await BeginAsync(visit, request, chance, cancellationToken);
            if (chance.Next(3) == 0) await Task.Delay(TimeSpan.FromMilliseconds(chance.Next(1, 4000)), clock, cancellationToken);
            if (IsBroken(visit.Misdeed)) throw Failure(visit.Misdeed, chance);
            var builder = new ReplyBuilder();
            foreach (var piece in Pieces(visit, request, chance)) builder.Add(piece);
            builder.Add(FinishOf(visit, request));
            var reply = builder.Build();
            var usage = Replies.Tokens(InputOf(request), Tokens(LengthOf(reply)));
            Bill(usage, ref _counted);
            return reply with { Usage = usage, Model = DefaultModel };
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Bill(Replies.Tokens(InputOf(request), 1), ref _untold);
            throw;
        }
        finally
        {
            visit.Ended = clock.GetUtcNow();
        }
    }

    public IAsyncEnumerable<LlmDelta> StreamAsync(LlmRequest request, CancellationToken cancellationToken)
    {
        var (visit, chance) = Enter(request);
        return visit.Misdeed == Misdeed.Null ? null! : AnswerAsync(visit, request, chance, cancellationToken);
    }

    public ValueTask DisposeAsync() => default;

    private async IAsyncEnumerable<LlmDelta> AnswerAsync(Visit visit, LlmRequest request, Random chance, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _opened);
        var (input, sent) = (InputOf(request), 0L);
        var (isTold, isWhole) = (false, false);
        try
        {
            await BeginAsync(visit, request, chance, cancellationToken);
            yield return new HeaderDelta { Model = DefaultModel, Id = $"{visit.Call}-{name}" };
            isTold = true;
            yield return new UsageDelta(Replies.Tokens(input, 0));
            if (visit.Misdeed == Misdeed.ErrorEventFirst) throw Error(ProviderErrorKind.ServerError, null);
            while (visit.Misdeed == Misdeed.PingsFirst)
            {
                await Task.Delay(TimeSpan.FromSeconds(4), clock, cancellationToken);
                yield return HeaderDelta.Alive;
            }

            var pieces = Pieces(visit, request, chance);
            var breaksAt = IsBroken(visit.Misdeed) || visit.Misdeed == Misdeed.Pings ? chance.Next(pieces.Count) : -1;
            for (var i = 0; i < pieces.Count; i++)
            {
                if (i == breaksAt)
                {
                    if (visit.Misdeed == Misdeed.EndsEarly) yield break;
                    if (visit.Misdeed == Misdeed.Stalls) await Task.Delay(Timeout.InfiniteTimeSpan, clock, cancellationToken);
                    while (visit.Misdeed == Misdeed.Pings)
                    {
                        await Task.Delay(TimeSpan.FromSeconds(4), clock, cancellationToken);
                        yield return HeaderDelta.Alive;
                    }

                    throw Failure(visit.Misdeed, chance);
                }

                if (visit.Misdeed == Misdeed.Drips) await Task.Delay(TimeSpan.FromSeconds(4), clock, cancellationToken);
                else if (chance.Next(6) == 0) await Task.Delay(TimeSpan.FromMilliseconds(chance.Next(1, 800)), clock, cancellationToken);
                if (visit.Misdeed == Misdeed.NullPieces && chance.Next(3) == 0) yield return null!;
                cancellationToken.ThrowIfCancellationRequested();
                sent += LengthOf(pieces[i]);
                yield return pieces[i];
            }

            isWhole = true;
            var usage = Replies.Tokens(input, Tokens(sent));
            Bill(usage, ref _counted);
            yield return new UsageDelta(usage);
            yield return FinishOf(visit, request);
        }
        finally
        {
            if (!isWhole && isTold) Bill(Replies.Tokens(input, Tokens(sent)), ref _partly);
            visit.Ended = clock.GetUtcNow();
            if (chance.Next(8) == 0) await Task.Delay(TimeSpan.FromMilliseconds(chance.Next(1, 2000)), clock, CancellationToken.None);
            Interlocked.Increment(ref _closed);
            Close(visit.Misdeed);
        }
    }

    private static void Close(Misdeed misdeed)
    {
        if (misdeed == Misdeed.FailsToClose) throw new InvalidOperationException("The vendor's stream can't be closed.");
    }

    private static bool IsBroken(Misdeed misdeed)
        => misdeed is Misdeed.Cut or Misdeed.EndsEarly or Misdeed.Stalls or Misdeed.ErrorEvent or Misdeed.MalformedLater or Misdeed.OwnExceptionLater;

    private static bool IsList(LlmRequest request) => request.Tags["kind"] == "items";

    private static long InputOf(LlmRequest request) => (request.Messages.Sum(m => (long)m.Content.Length) / 4) + 5;

    private static long Tokens(long characters) => (characters + 3) / 4;

    private static long LengthOf(LlmReply reply) => reply.Parts.Sum(part => part switch
    {
        TextPart text => text.Text.Length,
        RefusalPart refusal => refusal.Text.Length,
        ToolCallPart call => call.Name.Length + call.ArgumentsJson.Length,
        _ => 0L,
    });

    private static long LengthOf(LlmDelta delta) => delta switch
    {
        TextDelta text => text.Text.Length,
        RefusalDelta refusal => refusal.Text.Length,
        ToolCallDelta call => (call.Name?.Length ?? 0) + call.ArgumentsJson.Length,
        _ => 0L,
    };

    private static FinishDelta FinishOf(Visit visit, LlmRequest request) => new(visit.Misdeed switch
    {
        Misdeed.Refusal => FinishReason.Refusal,
        Misdeed.Filter => FinishReason.ContentFilter,
        _ => request.Tools.Count > 0 ? FinishReason.ToolCalls : FinishReason.Stop,
    }, null);

    private (Visit Visit, Random Chance) Enter(LlmRequest request)
    {
        var call = request.Tags["call"];
        var chance = ChaosAnswers.Chance(seed, name, call, _asked.AddOrUpdate(call, 1, (_, n) => n + 1));
        var misdeed = chance.NextDouble() < wickedness ? Misdeeds[chance.Next(Misdeeds.Length)] : Misdeed.None;
        // A model that thinks may take its time, and no bound on that is promised.
        if (misdeed == Misdeed.Drips && capabilities.ThinksUnasked == true) misdeed = Misdeed.None;
        var visit = new Visit(name, call, misdeed, clock.GetUtcNow());
        log.Enqueue(visit);
        return (visit, chance);
    }

    /// <summary>What happens before anything comes.</summary>
    private async Task BeginAsync(Visit visit, LlmRequest request, Random chance, CancellationToken cancellationToken)
    {
        if (refusesPrefill && PrefixOf(request).Length > 0) throw Error(ProviderErrorKind.InvalidRequest, 400);
        switch (visit.Misdeed)
        {
            case Misdeed.RateLimited: throw Error(ProviderErrorKind.RateLimited, 429);
            case Misdeed.RateLimitedBriefly: throw Limited(chance.Next(1, 5));
            case Misdeed.RateLimitedLong: throw Limited(chance.Next(6, 60));
            case Misdeed.RateLimitedTooLong: throw Limited(chance.Next(61, 200));
            case Misdeed.Overloaded: throw Error(ProviderErrorKind.Overloaded, 503);
            case Misdeed.ServerError: throw Error(ProviderErrorKind.ServerError, 500);
            case Misdeed.Refused: throw Error(ProviderErrorKind.Connection, null);
            case Misdeed.ContextLength: throw Error(ProviderErrorKind.ContextLength, 400);
            case Misdeed.FilterError: throw Error(ProviderErrorKind.ContentFilter, 400);
            case Misdeed.Unauthorized: throw Error(ProviderErrorKind.Authentication, 401);
            case Misdeed.NotFound: throw Error(ProviderErrorKind.NotFound, 404);
            case Misdeed.BadRequest: throw Error(ProviderErrorKind.InvalidRequest, 400);
            case Misdeed.Malformed: throw Error(ProviderErrorKind.MalformedReply, 200);
            case Misdeed.OwnException: throw new InvalidOperationException("The vendor's own.");
            case Misdeed.OwnTimeout: throw new TimeoutException("The vendor's own.");
            case Misdeed.OwnCancellation: throw new OperationCanceledException("The vendor's own.");
            case Misdeed.Silent: await Task.Delay(Timeout.InfiniteTimeSpan, clock, cancellationToken); break;
            case Misdeed.Late: await Task.Delay(TimeSpan.FromSeconds(chance.Next(1, 9)), clock, cancellationToken); break;
            case Misdeed.VeryLate: await Task.Delay(TimeSpan.FromSeconds(chance.Next(9, 40)), clock, cancellationToken); break;
        }

        ProviderException Limited(int seconds)
        {
            visit.RetryAfter = TimeSpan.FromSeconds(seconds);
            return new ProviderException(name, ProviderErrorKind.RateLimited, "Too many.") { HttpStatus = 429, RetryAfter = visit.RetryAfter };
        }
    }

    private Exception Failure(Misdeed misdeed, Random chance) => misdeed switch
    {
        Misdeed.Cut => Error(chance.Next(2) == 0 ? ProviderErrorKind.Connection : ProviderErrorKind.Truncated, null),
        Misdeed.ErrorEvent => Error(ProviderErrorKind.Overloaded, null),
        Misdeed.MalformedLater => Error(ProviderErrorKind.MalformedReply, null),
        Misdeed.OwnExceptionLater => new InvalidOperationException("The vendor's own, later."),
        _ => Error(ProviderErrorKind.ServerError, 502),
    };

    private ProviderException Error(ProviderErrorKind kind, int? status) => new(name, kind, $"{kind} by chance.") { HttpStatus = status };

    /// <summary>The answer in pieces; with what the request begins already left out.</summary>
    private List<LlmDelta> Pieces(Visit visit, LlmRequest request, Random chance)
    {
        var variant = chance.Next(4) == 0 ? chance.Next(ChaosAnswers.Variants) : 0;
        var most = visit.Misdeed == Misdeed.Drips ? 2 : 12;
        List<LlmDelta> pieces = [];
        if (visit.Misdeed == Misdeed.Refusal)
        {
            foreach (var piece in Split("I would rather not.")) pieces.Add(new RefusalDelta(0, piece));
            return pieces;
        }

        if (request.OutputSchema is not null)
        {
            var json = visit.Misdeed == Misdeed.Invalid ? """{"text": 7}""" : ChaosAnswers.Json(visit.Call, variant, IsList(request));
            var isFirst = true;
            foreach (var piece in Split(json))
            {
                pieces.Add(!request.Tools.Any(tool => tool.Name == OutputPlan.ToolName) ? new TextDelta(0, piece) : isFirst ? new ToolCallDelta(0, "call_1", OutputPlan.ToolName, piece) : new ToolCallDelta(0, null, null, piece));
                isFirst = false;
            }

            return pieces;
        }

        var text = ChaosAnswers.Text(visit.Call, variant);
        if (PrefixOf(request) is { Length: > 0 } prefix)
        {
            var goesOn = Enumerable.Range(0, ChaosAnswers.Variants).FirstOrDefault(v => ChaosAnswers.Text(visit.Call, v).StartsWith(prefix, StringComparison.Ordinal), -1);
            if (goesOn < 0) Nonsense.Enqueue($"{visit.Call} begins with '{prefix}'");
            else (variant, text) = (goesOn, ChaosAnswers.Text(visit.Call, goesOn)[prefix.Length..]);
        }

        foreach (var piece in Split(text)) pieces.Add(new TextDelta(0, piece));
        if (visit.Misdeed == Misdeed.Filter) return pieces.GetRange(0, chance.Next(pieces.Count));
        if (request.Tools.Count == 0) return pieces;
        pieces.Add(new ToolCallDelta(1, $"{name}-call", ChaosAnswers.ToolName, ""));
        foreach (var piece in Split(ChaosAnswers.Arguments(visit.Call, variant))) pieces.Add(new ToolCallDelta(1, null, null, piece));
        return pieces;

        IEnumerable<string> Split(string whole)
        {
            for (var at = 0; at < whole.Length;)
            {
                var length = Math.Min(chance.Next(1, most), whole.Length - at);
                yield return whole.Substring(at, length);
                at += length;
            }
        }
    }

    private static string PrefixOf(LlmRequest request) => request.OutputSchema is null && request.Messages[^1] is { Role: LlmRole.Assistant } begun ? begun.Content : "";

    private void Bill(TokenUsage usage, ref decimal sum)
    {
        lock (_lock) sum += (usage.InputTokens * MoneyBench.Input) + (usage.OutputTokens * MoneyBench.Output);
    }
}
