using System.ComponentModel.DataAnnotations;
using LlmGateway.Dialects.Tests.Laws;

namespace LlmGateway.Dialects.Tests.Conformance;

/// <summary>
/// The re-ask, over real sockets, for every dialect and every way in which a schema is put to a model: what is sent is legal
/// by the protocol's own rules, read from its bytes, and each request, token and cent is counted.
/// </summary>
public class ReaskTests
{
    private static readonly ModelPrice Price = new() { InputPerMillion = 2m, OutputPerMillion = 10m, CacheReadPerMillion = 0.5m };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, OutputMode> Ways => [.. All.Names.SelectMany(row => Enum.GetValues<OutputMode>(), (row, mode) => (row.Data, mode))];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task An_invalid_answer_is_shown_to_the_model_legally_and_all_of_it_is_counted(string dialect, OutputMode mode)
    {
        await using var caller = Make(dialect, mode);
        caller.Server.Script = (number, request) => Answer(request, mode, number, number switch
        {
            0 => """{"name":"Oslo","size":0}""",
            1 => """{"name":null,"size":3}""",
            _ => """{"name":"Oslo","size":3}""",
        });

        var response = await caller.Client.CompleteAsync<City>("Which city?", cancellationToken: Token);

        Assert.Equal((new City("Oslo", 3), mode), (response.Content, response.Metadata.OutputMode));
        Assert.Equal((3, 3, 2), (caller.Server.Requests.Count, response.Metadata.Attempts.Count, response.Metadata.Reasks));
        Assert.Equal([CallOutcome.Invalid, CallOutcome.Invalid, CallOutcome.Succeeded], response.Metadata.Attempts.Select(attempt => attempt.Outcome));

        // 10 in (4 of them read from the cache) and 5 out each time: 6 × $2 + 4 × $0.5 + 5 × $10 a million.
        Assert.Equal((30L, 12L, 15L, 3 * 0.000064m), (response.Usage.InputTokens, response.Usage.CacheReadTokens, response.Usage.OutputTokens, response.Usage.TotalCostUsd));
        Assert.Equal(response.Usage.TotalCostUsd, caller.Client.TotalCostUsd);

        // Only the latest failure is shown, so that the conversation does not grow.
        var asks = caller.Server.Requests.Select(request => request.Messages).ToList();
        Assert.Equal(asks[1].Count, asks[2].Count);
        Assert.Contains("/name", Complaint(asks[2]), StringComparison.Ordinal);
        Assert.DoesNotContain("/size", Complaint(asks[2]), StringComparison.Ordinal);
        foreach (var body in caller.Server.Bodies) WireRules.Check(dialect, body);
    }

    [Theory]
    [MemberData(nameof(All.Names), MemberType = typeof(All))]
    public async Task Each_of_several_calls_of_the_tool_gets_a_result(string dialect)
    {
        await using var caller = Make(dialect, OutputMode.Tool);
        caller.Server.Script = (number, request) => number == 0
            ? Reply(new ToolCallPart("call_a", "answer", """{"name":"Oslo"}"""), new ToolCallPart("call_b", "answer", """{"size":0}"""))
            : Answer(request, OutputMode.Tool, number, """{"name":"Oslo","size":3}""");

        await caller.Client.CompleteAsync<City>("Which city?", cancellationToken: Token);

        var shown = caller.Server.Requests.Last().Messages.SelectMany(message => message.Parts).ToList();
        Assert.Equal(2, shown.OfType<ToolCallPart>().Count());
        Assert.Equal(shown.OfType<ToolCallPart>().Select(call => call.Id), shown.OfType<ToolResultPart>().Select(result => result.CallId));
        foreach (var body in caller.Server.Bodies) WireRules.Check(dialect, body);
    }

    [Theory]
    [MemberData(nameof(All.Names), MemberType = typeof(All))]
    public async Task What_it_cost_stands_in_the_error_where_the_answer_stays_invalid(string dialect)
    {
        await using var caller = Make(dialect, OutputMode.Prompt);
        caller.Server.Script = (number, request) => Answer(request, OutputMode.Prompt, number, "I would rather talk.");

        var error = await Assert.ThrowsAsync<ResponseValidationException>(() => caller.Client.CompleteAsync<City>("Which city?", cancellationToken: Token));

        Assert.Equal((3, 45L, 3 * 0.000064m), (error.Attempts, error.Usage.TotalTokens, error.Usage.TotalCostUsd));
        Assert.Equal("I would rather talk.", error.RawText);
    }

    [Theory]
    [MemberData(nameof(All.Names), MemberType = typeof(All))]
    public async Task Errors_on_the_way_are_retried_apart_from_the_re_asks(string dialect)
    {
        await using var caller = Make(dialect, OutputMode.Prompt, maxRetries: 1);
        caller.Server.Script = (number, request) => number switch
        {
            0 => Answer(request, OutputMode.Prompt, number, "no"),
            1 => new VendorError(ProviderErrorKind.Overloaded, null, "Too much to do.", null),
            _ => Answer(request, OutputMode.Prompt, number, """{"name":"Oslo","size":3}"""),
        };

        var response = await caller.Client.CompleteAsync<City>("Which city?", cancellationToken: Token);

        Assert.Equal((3, 1), (caller.Server.Requests.Count, response.Metadata.Reasks));
        Assert.Equal([0, 1, 1], response.Metadata.Attempts.Select(attempt => attempt.Ask));
        Assert.Equal(2 * 0.000064m, response.Usage.TotalCostUsd); // An error has no usage.
    }

    private static Caller Make(string dialect, OutputMode mode, int maxRetries = 0)
    {
        var prices = new PriceBook();
        foreach (var model in Models) prices.Register(dialect, model, Price);
        return new Caller(
            dialect,
            capabilities: new ModelCapabilities { NativeSchema = mode == OutputMode.Native, ForcedTool = mode == OutputMode.Tool, Tools = true },
            config: new GatewayConfig { MaxRetries = maxRetries },
            options: new LlmClientOptions { Prices = prices, Services = new ProviderServices { TimeProvider = new HastyTime() } });
    }

    private static readonly string[] Models = ["claude-sonnet-4-5/answers", "gemini-3.5-flash/answers", "anthropic.claude-sonnet-4-5-20250929-v1:0/answers", "gpt-5.4-mini/answers"];

    private static LlmReply Answer(LlmRequest request, OutputMode mode, int number, string json)
    {
        Assert.Equal(mode == OutputMode.Tool, request.Tools.Any(tool => tool.Name == "answer"));
        return mode == OutputMode.Tool ? Reply(new ToolCallPart($"call_{number}", "answer", json)) : Reply(new TextPart(json));
    }

    private static LlmReply Reply(params LlmPart[] parts) => new()
    {
        Id = "r_1",
        Model = null,
        Parts = parts,
        FinishReason = parts[0] is ToolCallPart ? FinishReason.ToolCalls : FinishReason.Stop,
        Usage = new TokenUsage { InputTokens = 10, CacheReadTokens = 4, OutputTokens = 5 },
    };

    private static string Complaint(IReadOnlyList<LlmMessage> messages)
        => string.Concat(messages[^1].Parts.Select(part => part is ToolResultPart result ? result.Content : (part as TextPart)?.Text));

    private sealed record City(string Name, [Range(1, 9)] int Size);

    /// <summary>Waits take no time.</summary>
    private sealed class HastyTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
            => base.CreateTimer(callback, state, dueTime >= TimeSpan.Zero && dueTime < TimeSpan.FromSeconds(60) ? TimeSpan.Zero : dueTime, period);
    }
}
