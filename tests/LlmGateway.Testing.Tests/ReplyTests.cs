using System.Text.Json;

namespace LlmGateway.Testing.Tests;

public sealed class ReplyTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    public static TheoryData<ModelCapabilities> EveryWayToAsk =>
    [
        new ModelCapabilities { NativeSchema = true },
        new ModelCapabilities { ForcedTool = true },
        ModelCapabilities.Basic,
    ];

    [Theory]
    [MemberData(nameof(EveryWayToAsk))]
    public async Task A_value_comes_back_whichever_way_the_schema_is_put(ModelCapabilities capabilities)
    {
        var fake = new FakeProvider { Capabilities = capabilities }.Reply(new City("Łódź \"x\"", Mood.LoudAndGay));
        await using var client = new LlmClient(fake);

        var response = await client.CompleteAsync<City>("Which city?", cancellationToken: Cancel);

        Assert.Equal(new City("Łódź \"x\"", Mood.LoudAndGay), response.Content);
        Assert.Equal(0, response.Metadata.Reasks);
    }

    [Theory]
    [MemberData(nameof(EveryWayToAsk))]
    public async Task A_value_that_is_not_an_object_is_wrapped_as_the_client_asks_for_it(ModelCapabilities capabilities)
    {
        var fake = new FakeProvider { Capabilities = capabilities }.Reply(4).Reply<IReadOnlyList<string>>(["a", "b"]).Reply(Mood.Calm).Reply("text");
        await using var client = new LlmClient(fake);

        Assert.Equal(4, (await client.CompleteAsync<int>("2 + 2?", cancellationToken: Cancel)).Content);
        Assert.Equal(["a", "b"], (await client.CompleteAsync<IReadOnlyList<string>>("Letters?", cancellationToken: Cancel)).Content);
        Assert.Equal(Mood.Calm, (await client.CompleteAsync<Mood>("Mood?", cancellationToken: Cancel)).Content);
        Assert.Equal("text", (await client.CompleteAsync<string>("Text?", cancellationToken: Cancel)).Content);
        Assert.Equal(4, fake.Calls.Count);
    }

    [Fact]
    public async Task A_record_with_the_wrappers_member_is_not_wrapped_again()
    {
        var fake = new FakeProvider().Reply(new Measure(7));
        await using var client = new LlmClient(fake);

        Assert.Equal(new Measure(7), (await client.CompleteAsync<Measure>("How much?", cancellationToken: Cancel)).Content);
        Assert.Single(fake.Calls);
    }

    [Fact]
    public async Task An_object_of_a_union_is_wrapped_where_the_schema_wants_it()
    {
        var fake = new FakeProvider().Reply<Shape>(new Circle(3)).Reply<Shape>(new Square(2));
        await using var client = new LlmClient(fake);

        Assert.Equal(new Circle(3), (await client.CompleteAsync<Shape>("A shape?", cancellationToken: Cancel)).Content);
        Assert.Equal(new Square(2), (await client.CompleteAsync<Shape>("Another?", cancellationToken: Cancel)).Content);
    }

    [Fact]
    public async Task A_contract_of_the_callers_own_decides_the_names()
    {
        var fake = new FakeProvider().Reply(new Answer(4), ModelContext.Default.Answer).Reply([1, 2], ModelContext.Default.ListInt32);
        await using var client = new LlmClient(fake);

        Assert.Equal(new Answer(4), (await client.CompleteAsync("2 + 2?", ModelContext.Default.Answer, cancellationToken: Cancel)).Content);
        Assert.Equal([1, 2], (await client.CompleteAsync("List?", ModelContext.Default.ListInt32, cancellationToken: Cancel)).Content);
    }

    [Fact]
    public async Task Replies_of_one_type_come_in_turn_and_the_last_stays_until_another_is_set()
    {
        var fake = new FakeProvider().Reply(1).Reply(2);
        await using var client = new LlmClient(fake);
        var answers = new List<int>();
        for (var i = 0; i < 6; i++)
        {
            if (i == 4) fake.Reply(3);
            answers.Add((await client.CompleteAsync<int>("?", cancellationToken: Cancel)).Content);
        }

        Assert.Equal([1, 2, 2, 2, 3, 3], answers);
    }

    [Fact]
    public async Task Each_type_text_and_a_bare_schema_have_a_line_of_their_own()
    {
        var fake = new FakeProvider().ReplyText("plain").Reply("typed").ReplyJson("""{"free": true}""").Reply(new Answer(1));
        await using var client = new LlmClient(fake);

        Assert.Equal("plain", (await client.CompleteTextAsync("?", cancellationToken: Cancel)).Content);
        Assert.Equal("typed", (await client.CompleteAsync<string>("?", cancellationToken: Cancel)).Content);
        Assert.Equal(1, (await client.CompleteAsync<Answer>("?", cancellationToken: Cancel)).Content.Result);
        var free = await client.CompleteAsync("?", JsonSchema.Parse("""{"type":"object","properties":{"free":{"type":"boolean"}},"required":["free"]}"""), cancellationToken: Cancel);
        Assert.True(free.Content.GetProperty("free").GetBoolean());
    }

    [Fact]
    public async Task An_invalid_answer_reaches_the_client_as_it_is_and_is_asked_for_again()
    {
        var fake = new FakeProvider().ReplyJson<Answer>("""{"result": "four"}""").Reply(new Answer(4));
        await using var client = new LlmClient(fake);

        var response = await client.CompleteAsync<Answer>("2 + 2?", cancellationToken: Cancel);

        Assert.Equal(4, response.Content.Result);
        Assert.Equal(1, response.Metadata.Reasks);
    }

    [Fact]
    public async Task The_factory_answers_what_nothing_else_does()
    {
        var fake = new FakeProvider().ReplyText("set").ReplyWith(r => new LlmReply($$"""{"result": {{r.Messages[^1].Content.Length}}}"""));
        await using var client = new LlmClient(fake);

        Assert.Equal("set", (await client.CompleteTextAsync("12345", cancellationToken: Cancel)).Content);
        Assert.Equal(5, (await client.CompleteAsync<Answer>("12345", cancellationToken: Cancel)).Content.Result);
    }

    [Fact]
    public async Task A_request_for_which_nothing_is_set_says_what_to_set()
    {
        await using var client = new LlmClient(new FakeProvider { Name = "stub" }.Reply(new Answer(4)));

        var typed = await Assert.ThrowsAsync<ProviderException>(() => client.CompleteAsync<List<Answer>>("?", cancellationToken: Cancel));
        var text = await Assert.ThrowsAsync<ProviderException>(() => client.CompleteTextAsync("?", cancellationToken: Cancel));
        var schema = await Assert.ThrowsAsync<ProviderException>(() => client.CompleteAsync("?", JsonSchema.Parse("""{"type":"object"}"""), cancellationToken: Cancel));

        Assert.Contains("'stub'", typed.Message, StringComparison.Ordinal);
        Assert.Contains("fake.Reply<List<Answer>>(…)", typed.Message, StringComparison.Ordinal);
        Assert.Contains("fake.ReplyText(…)", text.Message, StringComparison.Ordinal);
        Assert.Contains("fake.ReplyJson(…)", schema.Message, StringComparison.Ordinal);
        Assert.Equal(1, typed.Attempts);
    }

    [Fact]
    public async Task A_value_changed_later_does_not_change_its_reply()
    {
        var list = new List<int> { 1 };
        var fake = new FakeProvider().Reply(list);
        list.Add(2);
        await using var client = new LlmClient(fake);

        Assert.Equal([1], (await client.CompleteAsync<List<int>>("?", cancellationToken: Cancel)).Content);
    }

    [Fact]
    public async Task Concurrent_requests_share_out_the_line_and_all_stand_in_the_log()
    {
        var fake = new FakeProvider();
        for (var i = 0; i < 200; i++) fake.Reply(i);
        await using var client = new LlmClient(fake);

        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(async () => (await client.CompleteAsync<int>($"n{i}", cancellationToken: Cancel)).Content, Cancel)));

        Assert.Equal(Enumerable.Range(0, 200), answers.Order());
        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"n{i}").Order(StringComparer.Ordinal), fake.Calls.Select(c => c.Messages[^1].Content).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_log_holds_what_was_asked()
    {
        var fake = new FakeProvider().Reply(new Answer(1));
        await using var client = new LlmClient(fake);

        await client.CompleteAsync<Answer>([LlmMessage.System("Be brief."), LlmMessage.User("2 + 2?")], new LlmCallOptions { Model = "m", MaxTokens = 9 }, Cancel);

        var call = Assert.Single(fake.Calls);
        Assert.Equal(("m", 9, typeof(Answer)), (call.Model, call.MaxTokens, call.OutputType));
        Assert.Equal(["Be brief.", "2 + 2?"], call.Messages.Select(m => m.Content));
        Assert.Equal(JsonValueKind.Object, call.OutputSchema!.Schema.GetProperty("properties").GetProperty("result").ValueKind);
    }
}
