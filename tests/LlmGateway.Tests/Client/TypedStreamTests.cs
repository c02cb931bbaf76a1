using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using LlmGateway.Tests.Fakes;

namespace LlmGateway.Tests.Client;

public partial class TypedStreamTests
{
    private static readonly HeaderDelta Head = new() { Id = "r1", Model = "fake-1-2026", ReportedCostUsd = 0.25m };
    private static readonly FinishDelta Stop = new(FinishReason.Stop, "end_turn");
    private static readonly UsageDelta Usage = new(Replies.Tokens(10, 5));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Snapshots_grow_and_the_valid_answer_with_its_record_comes_last()
    {
        var provider = new StreamingProvider(Attempt("""{"na""", """me":"Os""", "lo", "\"", ""","size":1""", "2}"));
        var bench = new Bench(provider);

        var (deltas, error) = await CollectAsync(bench, bench.Client.StreamAsync<City>("Which city?", cancellationToken: Token));

        Assert.Null(error);
        Assert.Equal(
            ["""{"na…""", """{"name":"Os…""", """{"name":"Oslo…""", """{"name":"Oslo"…""", """{"name":"Oslo","size":1…""", """{"name":"Oslo","size":12}"""],
            deltas.OfType<PartialDelta<City>>().Select(delta => delta.Snapshot.ToString()));
        Assert.Equal(["", "Os", "Oslo", "Oslo", "Oslo", "Oslo"], deltas.OfType<PartialDelta<City>>().Select(delta => delta.Snapshot["name"].GetString() ?? ""));
        var response = Assert.IsType<FinalDelta<City>>(deltas[^1]).Response;
        Assert.Equal(new City("Oslo", 12), response.Content);
        Assert.Equal((0.25m, "fake-1-2026", true, OutputMode.Prompt, FinishReason.Stop), (response.Usage.TotalCostUsd, response.Model, response.Metadata.IsStreamed, response.Metadata.OutputMode, response.Metadata.FinishReason));
        Assert.Equal((CallOutcome.Succeeded, 0, 1), (response.Metadata.Outcome, response.Metadata.Reasks, response.Metadata.Attempts.Count));
        Assert.Equal((1, 15L, 0.25m), (bench.Client.CallCount, bench.Client.TotalTokens, bench.Client.TotalCostUsd));
        Assert.True(Assert.Single(provider.Requests).Stream);
    }

    [Fact]
    public async Task An_invalid_answer_is_asked_for_again_and_the_snapshots_begin_anew()
    {
        var provider = new StreamingProvider(Attempt("""{"name":"Oslo",""", "\"size\":0}"), Attempt("""{"name":"Rome",""", "\"size\":3}"));
        var bench = new Bench(provider);

        var (deltas, _) = await CollectAsync(bench, bench.Client.StreamAsync<City>("Which city?", cancellationToken: Token));

        Assert.Equal(
            [(0, """{"name":"Oslo",…"""), (0, """{"name":"Oslo","size":0}"""), (1, """{"name":"Rome",…"""), (1, """{"name":"Rome","size":3}""")],
            deltas.OfType<PartialDelta<City>>().Select(delta => (delta.Ask, delta.Snapshot.ToString())));
        var response = Assert.IsType<FinalDelta<City>>(deltas[^1]).Response;
        Assert.Equal((new City("Rome", 3), 1, 0.5m), (response.Content, response.Metadata.Reasks, response.Usage.TotalCostUsd));
        Assert.Equal([CallOutcome.Invalid, CallOutcome.Succeeded], response.Metadata.Attempts.Select(attempt => attempt.Outcome));
        Assert.All(provider.Requests, request => Assert.True(request.Stream));
        Assert.Equal(provider.Requests[0].Messages.Count + 2, provider.Requests[1].Messages.Count);
    }

    [Fact]
    public async Task An_answer_that_stays_invalid_is_an_error_and_never_a_final_answer()
    {
        var bench = new Bench(new StreamingProvider(Attempt("""{"name":"Oslo","size":0}""")), new GatewayConfig { MaxReasks = 0 });

        var (deltas, error) = await CollectAsync(bench, bench.Client.StreamAsync<City>("Which city?", cancellationToken: Token));

        Assert.True(Assert.IsType<PartialDelta<City>>(Assert.Single(deltas)).Snapshot.IsComplete);
        var invalid = Assert.IsType<ResponseValidationException>(error);
        Assert.Equal("/size", Assert.Single(invalid.Errors).Pointer);
        Assert.Equal((CallOutcome.Invalid, 0.25m), (invalid.Record!.Outcome, invalid.Record.Usage.TotalCostUsd));
    }

    [Fact]
    public async Task An_answer_cut_by_its_limit_is_an_error_though_it_could_be_read()
    {
        var bench = new Bench(new StreamingProvider([Head, new TextDelta(0, """{"name":"Oslo","size":3}"""), Usage, new FinishDelta(FinishReason.Length, "max_tokens")]));

        var (deltas, error) = await CollectAsync(bench, bench.Client.StreamAsync<City>("Which city?", cancellationToken: Token));

        Assert.IsType<PartialDelta<City>>(Assert.Single(deltas));
        Assert.Equal(ProviderErrorKind.Truncated, Assert.IsType<ProviderException>(error).Kind);
    }

    [Fact]
    public async Task A_stream_that_breaks_is_an_error_with_what_was_received()
    {
        var bench = new Bench(new StreamingProvider([Head, new TextDelta(0, """{"name":"Os"""), Replies.Error(ProviderErrorKind.Overloaded)]));

        var (deltas, error) = await CollectAsync(bench, bench.Client.StreamAsync<City>("Which city?", cancellationToken: Token));

        Assert.Equal("Os", Assert.IsType<PartialDelta<City>>(Assert.Single(deltas)).Snapshot["name"].GetString());
        Assert.Equal("""{"name":"Os""", Assert.IsType<ProviderException>(error).PartialReply!.Text);
    }

    [Fact]
    public async Task Fences_thoughts_and_empty_pieces_are_no_part_of_the_answer()
    {
        var bench = new Bench(new StreamingProvider(
        [
            Head, new ThinkingDelta(0, """{"name":"no"""), new TextDelta(1, ""), new TextDelta(1, "```json\n"), new TextDelta(1, """{"name":"Oslo","size":3}"""), new TextDelta(1, "\n```"), Usage, Stop,
        ]));

        var (deltas, error) = await CollectAsync(bench, bench.Client.StreamAsync<City>("Which city?", cancellationToken: Token));

        Assert.Null(error);
        Assert.Equal("""{"name":"Oslo","size":3}""", Assert.Single(deltas.OfType<PartialDelta<City>>()).Snapshot.ToString());
        var response = Assert.IsType<FinalDelta<City>>(deltas[^1]).Response;
        Assert.Equal("code_fence", Assert.Single(response.Metadata.Repairs).Kind);
    }

    [Fact]
    public async Task A_view_that_is_no_JSON_any_more_says_so_once()
    {
        var bench = new Bench(new StreamingProvider(Attempt("""{"name":"Oslo",""", " size: 3", "}")), new GatewayConfig { MaxReasks = 0 });

        var (deltas, _) = await CollectAsync(bench, bench.Client.StreamAsync<City>("Which city?", cancellationToken: Token));

        Assert.Equal([false, true], deltas.OfType<PartialDelta<City>>().Select(delta => delta.Snapshot.IsMalformed));
    }

    [Fact]
    public async Task A_value_that_is_no_object_is_shown_without_its_wrapper()
    {
        var bench = new Bench(new StreamingProvider(Attempt("{\"value\"", ":", "[", "1,2", "3", "]", "}")));

        var (deltas, _) = await CollectAsync(bench, bench.Client.StreamAsync<List<int>>("Which numbers?", cancellationToken: Token));

        Assert.Equal(["[…", "[1,2…", "[1,23…", "[1,23]", "[1,23]"], deltas.OfType<PartialDelta<List<int>>>().Select(delta => delta.Snapshot.ToString()));
        Assert.Equal([1, 23], Assert.IsType<FinalDelta<List<int>>>(deltas[^1]).Response.Content);
    }

    [Fact]
    public async Task A_schema_and_a_source_generated_contract_do_as_well()
    {
        var schema = JsonSchema.Parse("""{"type":"object","properties":{"name":{"type":"string"}},"required":["name"]}""");
        var bench = new Bench(new StreamingProvider(Attempt("""{"name":""", "\"Oslo\"}"), Attempt("""{"Name":""", "\"Oslo\",\"Size\":3}")));

        var (bySchema, _) = await CollectAsync(bench, bench.Client.StreamAsync("Which city?", schema, cancellationToken: Token));
        var (byType, _) = await CollectAsync(bench, bench.Client.StreamAsync("Which city?", Json.Default.City, cancellationToken: Token));

        Assert.Equal("Oslo", Assert.IsType<FinalDelta<JsonElement>>(bySchema[^1]).Response.Content.GetProperty("name").GetString());
        Assert.Equal(new City("Oslo", 3), Assert.IsType<FinalDelta<City>>(byType[^1]).Response.Content);
    }

    [Fact]
    public async Task The_callers_own_check_is_asked()
    {
        var bench = new Bench(new StreamingProvider(Attempt("""{"name":"Oslo","size":3}"""), Attempt("""{"name":"Rome","size":3}""")));
        var options = new LlmCallOptions<City> { Check = city => new(city.Name == "Oslo" ? [new ValidationError("/name", "is not the one")] : []) };

        var (deltas, _) = await CollectAsync(bench, bench.Client.StreamAsync<City>("Which city?", options, Token));

        Assert.Equal("Rome", Assert.IsType<FinalDelta<City>>(deltas[^1]).Response.Content.Name);
    }

    [Fact]
    public async Task Leaving_the_loop_closes_the_stream_and_books_what_was_received()
    {
        var provider = new StreamingProvider(Attempt("""{"name":"Os""", "lo\",", "\"size\":3}"));
        var bench = new Bench(provider);

        await foreach (var delta in bench.Client.StreamAsync<City>("Hi", cancellationToken: Token)) break;

        Assert.Equal((1, 1), (provider.Closed, bench.Client.CallCount));
        Assert.InRange(bench.Client.TotalTokens, 4, 400); // An estimate: the schema is in the prompt.
        Assert.Contains(bench.Log.Lines, line => line.Text.Contains("Cancelled", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Cancelling_ends_it_at_once()
    {
        using var source = CancellationTokenSource.CreateLinkedTokenSource(Token);
        Func<CancellationToken, Task> forever = token => Task.Delay(Timeout.Infinite, token);
        var provider = new StreamingProvider([Head, new TextDelta(0, """{"name":"Os"""), forever]);
        var bench = new Bench(provider);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var delta in bench.Client.StreamAsync<City>("Hi", cancellationToken: source.Token)) await source.CancelAsync();
        });

        Assert.Equal(1, provider.Closed);
    }

    [Fact]
    public void What_cannot_be_asked_is_refused_before_anything_is_asked()
    {
        var bench = new Bench(new StreamingProvider());
        var options = new LlmCallOptions { Tools = [new LlmTool("weather", "Must be called.", JsonElement.Parse("{}"))], ToolChoice = LlmToolChoice.Named("weather") };

        Assert.Throws<ArgumentException>(() => bench.Client.StreamAsync<City>("Hi", options, Token));
        Assert.Throws<ArgumentException>(() => bench.Client.StreamItemsAsync<City>("Hi", options, Token));
        Assert.Throws<ArgumentException>(() => bench.Client.StreamAsync<City>("Hi", new LlmCallOptions<int> { Check = _ => new([]) }, Token));
        Assert.Throws<ArgumentException>(() => bench.Client.StreamAsync<City>([], cancellationToken: Token));
    }

    [Fact]
    public async Task A_model_that_wants_a_tool_first_says_so_at_the_end()
    {
        var options = new LlmCallOptions { Tools = [new LlmTool("weather", "Tells it.", JsonElement.Parse("""{"type":"object"}"""))] };
        var bench = new Bench(new StreamingProvider([Head, new ToolCallDelta(0, "c1", "weather", """{"name":"no"}"""), Usage, new FinishDelta(FinishReason.ToolCalls, null)]));

        var (deltas, error) = await CollectAsync(bench, bench.Client.StreamAsync<City>("Which city?", options, Token));

        Assert.Empty(deltas);
        Assert.Equal("c1", Assert.IsType<ToolCallPart>(Assert.Single(Assert.IsType<ToolCallsRequestedException>(error).Reply.Parts)).Id);
        Assert.Equal(15, error is GatewayException { Record: { } record } ? record.Usage.TotalTokens : 0);
    }

    internal static object[] Attempt(params string[] pieces) => [Head, .. pieces.Select(piece => new TextDelta(0, piece)), Usage, Stop];

    private static Task<(List<StructuredDelta<T>> Deltas, Exception? Error)> CollectAsync<T>(Bench bench, IAsyncEnumerable<StructuredDelta<T>> stream) => bench.RunAsync(CollectAsync(stream));

    private static async Task<(List<StructuredDelta<T>> Deltas, Exception? Error)> CollectAsync<T>(IAsyncEnumerable<StructuredDelta<T>> stream)
    {
        var deltas = new List<StructuredDelta<T>>();
        try
        {
            await foreach (var delta in stream) deltas.Add(delta);
            return (deltas, null);
        }
        catch (Exception e)
        {
            return (deltas, e);
        }
    }

    internal sealed record City(string Name, [property: Range(1, 99)] int Size);

    [JsonSerializable(typeof(City))]
    internal sealed partial class Json : JsonSerializerContext;
}
