namespace LlmGateway.Dialects.Tests.Laws;

/// <summary>What a dialect cannot say is a reported loss or its own error: never a silent difference. And nothing is reported that was not lost.</summary>
public class LossLaws
{
    public static TheoryData<string, string> Requests => [.. All.Names.SelectMany(_ => Features.OfRequests.Keys, (row, feature) => (row.Data, feature))];

    public static TheoryData<string, string> Replies => [.. All.Names.SelectMany(_ => Features.OfReplies.Keys, (row, feature) => (row.Data, feature))];

    [Theory]
    [MemberData(nameof(Requests))]
    public void A_request_differs_after_the_way_there_only_where_a_loss_says_so(string name, string feature)
    {
        var dialect = All.Of(name);
        if (TrySay(() => Requested(dialect, Features.PlainRequest)) is not var (plain, plainLosses)) throw new InvalidOperationException();
        Assert.Empty(plainLosses);
        var request = Features.OfRequests[feature](Features.PlainRequest);
        if (TrySay(() => Requested(dialect, request)) is not var (back, losses)) return; // Its own error.

        var differs = Middle.Dump(Canonical(request)) != Middle.Dump(Canonical(back));
        if (losses.Count == 0) AssertSame(Middle.Dump(Canonical(request)), Middle.Dump(Canonical(back)), name);
        else Assert.True(differs, $"Nothing was lost, and yet: {string.Join(" ", losses)}");
    }

    [Theory]
    [MemberData(nameof(Replies))]
    public void A_reply_differs_after_the_way_there_only_where_a_loss_says_so(string name, string feature)
    {
        var dialect = All.Of(name);
        var reply = ReplyOf(dialect, feature);
        if (TrySay(() => Replied(dialect, reply)) is not var (back, losses)) return;

        if (losses.Count == 0) AssertSame(Middle.Dump(Canonical(reply)), Middle.Dump(Canonical(back)), name);
        else Assert.True(Middle.Dump(Canonical(reply)) != Middle.Dump(Canonical(back)), $"Nothing was lost, and yet: {string.Join(" ", losses)}");
    }

    [Theory]
    [MemberData(nameof(Replies))]
    public async Task A_streamed_reply_differs_after_the_way_there_only_where_a_loss_says_so(string name, string feature)
    {
        var dialect = All.Of(name);
        var reply = ReplyOf(dialect, feature);
        var (bytes, losses) = Codec.Stream(dialect, reply);
        var read = await Codec.ReadStream(dialect, bytes);

        Assert.Null(read.Error);
        Assert.True(read.IsComplete);
        if (losses.Count == 0) AssertSame(Middle.Dump(Canonical(reply)), Middle.Dump(Canonical(read.Reply)), name);
        else Assert.True(Middle.Dump(Canonical(reply)) != Middle.Dump(Canonical(read.Reply)), $"Nothing was lost, and yet: {string.Join(" ", losses)}");
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public void A_request_that_goes_through_another_dialect_and_back_loses_only_what_was_reported(string name, string feature)
    {
        var a = All.Of(name);
        if (TrySay(() => Requested(a, Features.OfRequests[feature](Features.PlainRequest))) is not var (start, _)) return;
        foreach (var other in All.Names.Select(row => row.Data))
        {
            var b = All.Of(other);
            if (TrySay(() => Requested(b, start)) is not var (between, lostThere)) continue;
            if (TrySay(() => Requested(a, between)) is not var (back, lostBack)) continue;
            if (lostThere.Count + lostBack.Count == 0) AssertSame(Middle.Dump(Canonical(start)), Middle.Dump(Canonical(back)), $"{name} to {other} and back");
        }
    }

    [Theory]
    [MemberData(nameof(Replies))]
    public void A_reply_that_goes_through_another_dialect_and_back_loses_only_what_was_reported(string name, string feature)
    {
        var a = All.Of(name);
        if (TrySay(() => Replied(a, ReplyOf(a, feature))) is not var (start, _)) return;
        foreach (var other in All.Names.Select(row => row.Data))
        {
            var b = All.Of(other);
            if (TrySay(() => Replied(b, b.RepliesNameModel ? start : start with { Id = null, Model = null })) is not var (between, lostThere)) continue;
            if (!b.RepliesNameModel) between = between with { Id = start.Id, Model = start.Model };
            if (TrySay(() => Replied(a, between)) is not var (back, lostBack)) continue;
            if (lostThere.Count + lostBack.Count == 0) AssertSame(Middle.Dump(Canonical(start)), Middle.Dump(Canonical(back)), $"{name} to {other} and back");
        }
    }

    private static void AssertSame(string expected, string actual, string way)
    {
        if (expected == actual) return;
        var (was, came) = (expected.Split('\n'), actual.Split('\n'));
        Assert.Fail($"{way}: gone without a word:\n{string.Join('\n', was.Except(came))}\nmade up:\n{string.Join('\n', came.Except(was))}");
    }

    /// <summary>Where replies do not name their model, nor have an id, the caller knows both.</summary>
    private static LlmReply ReplyOf(IDialect dialect, string feature)
    {
        var reply = Features.OfReplies[feature](Features.PlainReply);
        return dialect.RepliesNameModel ? reply : reply with { Id = null, Model = null };
    }

    private static (LlmRequest Value, List<string> Losses) Requested(IDialect dialect, LlmRequest request)
    {
        var (body, losses) = Codec.Request(dialect, request);
        return (Codec.ReadRequest(dialect, body, request.Model, request.Stream), losses);
    }

    private static (LlmReply Value, List<string> Losses) Replied(IDialect dialect, LlmReply reply)
    {
        var (body, losses) = Codec.Reply(dialect, reply);
        return (Codec.ReadReply(dialect, body), losses);
    }

    private static (T Value, List<string> Losses)? TrySay<T>(Func<(T Value, List<string> Losses)> say)
    {
        try
        {
            return say();
        }
        catch (DialectException)
        {
            return null;
        }
    }

    /// <summary>Without what only the wire's own form adds: bags, the vendor's word for the end, the time, whose a part is.</summary>
    private static LlmReply Canonical(LlmReply reply) => reply with
    {
        VendorFinishReason = null,
        Extensions = null,
        CreatedAt = null,
        Losses = [],
        Billing = ReplyBilling.None, // What the decoder makes of the rest, for the price.
        Parts = Joined(reply.Parts.Select(Canonical)),
    };

    private static LlmRequest Canonical(LlmRequest request) => request with
    {
        Extensions = null,
        Messages = Turns(request.Messages),
        OutputSchema = request.OutputSchema is { Strict: true } output ? output with { Strict = null } : request.OutputSchema, // Where they have no mark for it, schemas are held to.
        Tools = [.. request.Tools.Select(tool => tool with { Extensions = null, Strict = tool.Strict == true ? true : null })],
        ToolChoice = request.ToolChoice switch
        {
            { Mode: LlmToolChoiceMode.Auto, AllowedTools: null } => null, // What is usual anyway.
            { Mode: LlmToolChoiceMode.Required, AllowedTools: [var only] } => LlmToolChoice.Named(only),
            var choice => choice,
        },
        Reasoning = request.Reasoning is { BudgetTokens: > 0 } reasoning ? reasoning with { Enabled = null } : request.Reasoning,
    };

    /// <summary>Neighbours of one role as one turn, and texts without letters left out: the protocols' own rules, which keep the meaning.</summary>
    private static List<LlmMessage> Turns(IReadOnlyList<LlmMessage> messages)
    {
        var turns = new List<LlmMessage>();
        foreach (var message in messages)
        {
            var parts = message.Parts.Where(part => part is not TextPart { Text: "" }).Select(Canonical);
            var role = message.Role == LlmRole.Developer ? LlmRole.System : message.Role; // One thing under an older and a newer name.
            if (turns.Count > 0 && turns[^1].Role == role && turns[^1].Name == message.Name) turns[^1] = new LlmMessage(role, Joined(turns[^1].Parts.Concat(parts))) { Name = message.Name };
            else turns.Add(new LlmMessage(role, Joined(parts)) { Name = message.Name });
        }

        return turns;
    }

    /// <summary>Texts that stand side by side as one, where nothing tells them apart.</summary>
    private static List<LlmPart> Joined(IEnumerable<LlmPart> parts)
    {
        var joined = new List<LlmPart>();
        foreach (var part in parts)
        {
            if (part is TextPart text && joined is [.., TextPart last] && last == new TextPart(last.Text) && text == new TextPart(text.Text)) joined[^1] = new TextPart(last.Text + text.Text);
            else joined.Add(part);
        }

        return joined;
    }

    /// <summary>An address or a file's id says by itself what is behind it.</summary>
    private static MediaSource Canonical(MediaSource source) => source.Url is null && source.FileId is null ? source : source with { MediaType = null };

    private static LlmPart Canonical(LlmPart part) => part switch
    {
        ToolResultPart result => new ToolResultPart(result.CallId, result.Parts.Select(Canonical), result.IsError),
        TextPart text => text with { Extensions = null, Origin = null, Citations = [.. text.Citations.Select(citation => citation with { Raw = null })] },
        ImagePart image => image with { Extensions = null, Origin = null, Source = Canonical(image.Source) },
        DocumentPart document => document with { Extensions = null, Origin = null, Source = Canonical(document.Source) },
        _ => part with { Extensions = null, Origin = null },
    };
}
