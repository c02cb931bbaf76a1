using LlmGateway.Tests.Fakes;
using static LlmGateway.Tests.Client.TypedStreamTests;

namespace LlmGateway.Tests.Client;

public class ItemStreamTests
{
    private static readonly HeaderDelta Head = new() { Id = "r1", ReportedCostUsd = 0.25m };
    private static readonly FinishDelta Stop = new(FinishReason.Stop, "end_turn");
    private static readonly UsageDelta Usage = new(Replies.Tokens(10, 5));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_item_is_handed_out_when_it_is_complete_and_the_record_stands_at_the_end()
    {
        var taken = new List<City>();
        var seen = new List<int>();
        Func<CancellationToken, Task> look = _ =>
        {
            seen.Add(taken.Count);
            return Task.CompletedTask;
        };
        var bench = new Bench(new StreamingProvider(
        [
            Head, Text("""{"value":[{"name":"Oslo","size":1"""), look, Text("2}"), look, Text(""","""), look, Text("""{"name":"Rome","size":3},{"name":"Bern","size":4}"""), look, Text("]}"), Usage, Stop,
        ]));
        var items = bench.Client.StreamItemsAsync<City>("Which cities?", cancellationToken: Token);
        Assert.Null(items.Record);

        await foreach (var city in items) taken.Add(city);

        Assert.Equal([new("Oslo", 12), new("Rome", 3), new("Bern", 4)], taken);
        Assert.Equal([0, 1, 1, 3], seen);
        Assert.Equal((CallOutcome.Succeeded, 0.25m, true, 1), (items.Record!.Outcome, items.Record.Usage.TotalCostUsd, items.Record.IsStreamed, items.Record.Attempts.Count));
        Assert.Equal((1, 0.25m), (bench.Client.CallCount, bench.Client.TotalCostUsd));
    }

    [Fact]
    public async Task An_invalid_item_ends_the_stream_with_its_place_and_what_came_before_stays()
    {
        var provider = new StreamingProvider(Attempt("""{"value":[{"name":"Oslo","size":12},""", """{"name":null,"size":100},""", """{"name":"Bern","size":4}]}"""), Attempt("never asked"));
        var bench = new Bench(provider);
        var items = bench.Client.StreamItemsAsync<City>("Which cities?", cancellationToken: Token);

        var (taken, error) = await CollectAsync(bench, items);

        Assert.Equal([new City("Oslo", 12)], taken);
        var invalid = Assert.IsType<ResponseValidationException>(error);
        Assert.Equal(["/1/name", "/1/size"], invalid.Errors.Select(e => e.Pointer).Order());
        Assert.EndsWith("""{"name":null,"size":100},""", invalid.RawText, StringComparison.Ordinal);
        Assert.Equal((1, 1), (provider.Requests.Count, provider.Closed));
        Assert.Same(items.Record, invalid.Record);
        Assert.Equal(CallOutcome.Invalid, items.Record!.Outcome);
        Assert.Equal(CallOutcome.Invalid, Assert.Single(items.Record.Attempts).Outcome);
        Assert.True(items.Record.Usage.IsEstimated);
        Assert.Equal(items.Record.Usage.TotalTokens, bench.Client.TotalTokens);
    }

    [Theory]
    [InlineData(FinishReason.Length, ProviderErrorKind.Truncated)]
    [InlineData(FinishReason.Refusal, ProviderErrorKind.Refusal)]
    [InlineData(FinishReason.ContentFilter, ProviderErrorKind.ContentFilter)]
    public async Task How_it_ended_is_checked_after_the_items(FinishReason reason, ProviderErrorKind kind)
    {
        var bench = new Bench(new StreamingProvider([Head, Text("""{"value":[{"name":"Oslo","size":12},{"name":"Ro"""), Usage, new FinishDelta(reason, "x")]));
        var items = bench.Client.StreamItemsAsync<City>("Which cities?", new LlmCallOptions { RetryMaxTokens = 100_000 }, Token);

        var (taken, error) = await CollectAsync(bench, items);

        Assert.Single(taken);
        Assert.Equal(kind, Assert.IsType<ProviderException>(error).Kind);
        Assert.Equal(0.25m, items.Record!.Usage.TotalCostUsd);
    }

    [Fact]
    public async Task A_cut_stream_is_an_error_after_the_items_that_came()
    {
        var bench = new Bench(new StreamingProvider([Head, Text("""{"value":[{"name":"Oslo","size":12},"""), Usage]));

        var (taken, error) = await CollectAsync(bench, bench.Client.StreamItemsAsync<City>("Which cities?", cancellationToken: Token));

        Assert.Single(taken);
        Assert.Equal(ProviderErrorKind.Truncated, Assert.IsType<ProviderException>(error).Kind);
    }

    [Theory]
    [InlineData("""{"value":[{"name":"Oslo","size":12}]""")]
    [InlineData("""{"value":[{"name":"Oslo","size":12}],"more":1}""")]
    [InlineData("""{"value":[{"name":"Oslo","size":12}],"value":[]}""")]
    [InlineData("""{"value":[{"name":"Oslo","size":12}]} {"value":[{"name":"Oslo","size":13}]}""")]
    public async Task A_whole_that_is_not_valid_is_an_error_though_its_items_were(string text)
    {
        var provider = new StreamingProvider(Attempt(text));
        var bench = new Bench(provider);

        var (taken, error) = await CollectAsync(bench, bench.Client.StreamItemsAsync<City>("Which cities?", cancellationToken: Token));

        Assert.Equal([new City("Oslo", 12)], taken);
        Assert.IsType<ResponseValidationException>(error);
        Assert.Single(provider.Requests);
    }

    [Fact]
    public async Task Where_something_stands_before_the_list_nothing_is_handed_out_before_the_end()
    {
        var taken = new List<City>();
        var seen = -1;
        Func<CancellationToken, Task> look = _ =>
        {
            seen = taken.Count;
            return Task.CompletedTask;
        };
        var bench = new Bench(new StreamingProvider([Head, Text("""Such as {"value":[{"name":"Oslo","size":12}]}. """), look, Usage, Stop]));

        try
        {
            await foreach (var city in bench.Client.StreamItemsAsync<City>("Which cities?", cancellationToken: Token)) taken.Add(city);
        }
        catch (ResponseValidationException)
        {
            // Whether the reader finds an answer in it is not what is tested here.
        }

        Assert.Equal(0, seen);
    }

    [Fact]
    public async Task Items_may_be_of_any_type()
    {
        var bench = new Bench(new StreamingProvider(
            Attempt("{\"value\":[1,2", "3,-4]}"),
            Attempt("{\"value\":[\"a\\u00e9\",", "\"\"]}"),
            Attempt("{\"value\":[]}"),
            Attempt("{\"value\":[[1],[]]}"),
            Attempt("{\"value\":[1,\"x\"]}"),
            Attempt("```json\n{\"value\":[{\"Name\":\"Oslo\",\"Size\":3}]}\n```")));

        Assert.Equal([1, 23, -4], (await CollectAsync(bench, bench.Client.StreamItemsAsync<int>("?", cancellationToken: Token))).Items);
        Assert.Equal(["aé", ""], (await CollectAsync(bench, bench.Client.StreamItemsAsync<string>("?", cancellationToken: Token))).Items);
        Assert.Empty((await CollectAsync(bench, bench.Client.StreamItemsAsync<City>("?", cancellationToken: Token))).Items);
        Assert.Equal([[1], []], (await CollectAsync(bench, bench.Client.StreamItemsAsync<int[]>("?", cancellationToken: Token))).Items);
        var (ones, error) = await CollectAsync(bench, bench.Client.StreamItemsAsync<int>("?", cancellationToken: Token));
        Assert.Equal([1], ones);
        Assert.Equal("/1", Assert.Single(Assert.IsType<ResponseValidationException>(error).Errors).Pointer);
        var (cities, none) = await CollectAsync(bench, bench.Client.StreamItemsAsync("?", Json.Default.City, cancellationToken: Token));
        Assert.Null(none);
        Assert.Equal([new City("Oslo", 3)], cities);
    }

    [Fact]
    public async Task The_callers_own_check_is_asked_of_each_item()
    {
        var bench = new Bench(new StreamingProvider(Attempt("""{"value":[{"name":"Oslo","size":12},{"name":"Rome","size":3}]}""")));
        var options = new LlmCallOptions<City> { Check = city => new(city.Name == "Rome" ? [new ValidationError("/name", "is not wanted")] : []) };

        var (taken, error) = await CollectAsync(bench, bench.Client.StreamItemsAsync<City>("Which cities?", options, Token));

        Assert.Single(taken);
        Assert.Equal("/1/name", Assert.Single(Assert.IsType<ResponseValidationException>(error).Errors).Pointer);
    }

    [Fact]
    public async Task Leaving_the_loop_closes_the_stream_and_the_record_says_what_it_cost()
    {
        var provider = new StreamingProvider(Attempt("""{"value":[{"name":"Oslo","size":12},""", """{"name":"Rome","size":3}]}"""));
        var bench = new Bench(provider);
        var items = bench.Client.StreamItemsAsync<City>("Which cities?", cancellationToken: Token);

        await foreach (var city in items) break;

        Assert.Equal(1, provider.Closed);
        Assert.Equal((CallOutcome.Cancelled, true), (items.Record!.Outcome, items.Record.Usage.IsEstimated));
        Assert.Equal(bench.Client.TotalTokens, items.Record.Usage.TotalTokens);
    }

    [Fact]
    public async Task Each_enumeration_is_a_call_of_its_own()
    {
        var bench = new Bench(new StreamingProvider(Attempt("{\"value\":[1]}"), Attempt("{\"value\":[2]}")));
        var items = bench.Client.StreamItemsAsync<int>("?", cancellationToken: Token);

        Assert.Equal([1], (await CollectAsync(bench, items)).Items);
        var first = items.Record;
        Assert.Equal([2], (await CollectAsync(bench, items)).Items);

        Assert.NotEqual(first!.CallId, items.Record!.CallId);
        Assert.Equal(2, bench.Client.CallCount);
    }

    private static TextDelta Text(string text) => new(0, text);

    private static Task<(List<T> Items, Exception? Error)> CollectAsync<T>(Bench bench, ItemStream<T> stream) => bench.RunAsync(CollectAsync(stream));

    private static async Task<(List<T> Items, Exception? Error)> CollectAsync<T>(ItemStream<T> stream)
    {
        var items = new List<T>();
        try
        {
            await foreach (var item in stream) items.Add(item);
            return (items, null);
        }
        catch (Exception e)
        {
            return (items, e);
        }
    }
}
