using System.Text.Json;

namespace LlmGateway.IntegrationTests.DryRun;

/// <summary>Single questions, each of another shape, answered by a fake.</summary>
public sealed class QuestionTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Fact_a_record()
    {
        var (answer, request) = await AskAsync("What is the chemical symbol of gold?", new ElementFact("Au", 79));

        Assert.Equal(new ElementFact("Au", 79), answer);
        var symbol = request.OutputSchema!.Schema.GetProperty("properties").GetProperty("symbol");
        Assert.Equal("The element's symbol", symbol.GetProperty("description").GetString());
        Assert.Equal(118, request.OutputSchema.Schema.GetProperty("properties").GetProperty("atomicNumber").GetProperty("maximum").GetInt32());
    }

    [Fact]
    public async Task Geography_a_record_with_a_list()
    {
        var (answer, request) = await AskAsync("What is the capital of Portugal, and who are its neighbours?", new CapitalCity("Portugal", "Lisbon", ["Spain"]));

        Assert.Equal(("Portugal", "Lisbon"), (answer.Country, answer.Capital));
        Assert.Equal(["Spain"], answer.Neighbours);
        Assert.Equal(["country", "capital", "neighbours"], request.OutputSchema!.Schema.GetProperty("required").EnumerateArray().Select(r => r.GetString()));
    }

    [Fact]
    public async Task Sentiment_an_enum_and_a_missing_reason()
    {
        var (answer, request) = await AskAsync("Judge: \"I loved it.\"", new Judgement(Mood.Positive, 0.9, null));

        Assert.Equal(new Judgement(Mood.Positive, 0.9, null), answer);
        Assert.Equal(["Positive", "Neutral", "Negative"], request.OutputSchema!.Schema.GetProperty("properties").GetProperty("mood").GetProperty("enum").EnumerateArray().Select(r => r.GetString()));
    }

    [Fact]
    public async Task Translation_a_dictionary_with_letters_of_every_kind()
    {
        var words = new Dictionary<string, string> { ["thanks"] = "Dziękuję", ["tea"] = "茶", ["party"] = "🎉" };

        var (answer, _) = await AskAsync("Translate: thanks, tea, party", words);

        Assert.Equal(words, answer);
    }

    [Fact]
    public async Task Summary_too_long_is_asked_for_again_and_the_model_is_told_why()
    {
        var fake = new FakeProvider().Reply(new Summary(new string('x', 61))).Reply(new Summary("Short."));
        await using var client = new LlmClient(fake);

        var response = await client.CompleteAsync<Summary>("Summarise: a long text", cancellationToken: Cancel);

        Assert.Equal("Short.", response.Content.Text);
        Assert.Equal((2, 1), (fake.Calls.Count, response.Metadata.Reasks));
        Assert.Contains("/text", fake.Calls[1].Messages[^1].Content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Arithmetic_a_bare_number()
    {
        var (answer, request) = await AskAsync("What is 17 * 23 + 4?", 395);

        Assert.Equal(395, answer);
        Assert.Equal(JsonValueKind.Object, request.OutputSchema!.Schema.GetProperty("properties").ValueKind);
    }

    private static async Task<(T Answer, LlmRequest Request)> AskAsync<T>(string prompt, T reply)
    {
        var fake = new FakeProvider().Reply(reply);
        await using var client = new LlmClient(fake);

        var response = await client.CompleteAsync<T>(prompt, cancellationToken: Cancel);

        var request = Assert.Single(fake.Calls);
        Assert.Equal(prompt, Assert.Single(request.Messages).Content);
        Assert.Equal(typeof(T), request.OutputType);
        return (response.Content, request);
    }
}
