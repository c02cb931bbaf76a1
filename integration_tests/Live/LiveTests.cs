using System.ComponentModel;
using System.Diagnostics;

namespace LlmGateway.IntegrationTests.Live;

/// <summary>Ten questions that any model answers, and of which the loopback server works out the answer.</summary>
[Collection(LiveTestsOneByOne.Name)]
public sealed class LiveTests(LiveRun run)
{
    private const string LongText =
        "The lighthouse on the northern cape was built of grey granite by masons from the mainland, who came in spring and left in autumn for six years. "
        + "Its lamp burned whale oil at first, then paraffin, and since the war it has been electric. "
        + "The last keeper retired long ago, but his garden behind the sea wall is still tended by volunteers from the village.";

    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Greeting()
    {
        run.Require();
        await using var client = run.NewClient();

        var response = await client.CompleteTextAsync("Say hello to Ada in one short sentence.", cancellationToken: Cancel);

        Assert.Contains("Ada", response.Content, StringComparison.Ordinal);
        Assert.Equal(client.Provider, response.Provider);
    }

    [Fact]
    public async Task Fact()
    {
        run.Require();
        await using var client = run.NewClient();

        var response = await client.CompleteAsync<ChemicalElement>("What is the chemical symbol of gold, and its atomic number?", cancellationToken: Cancel);

        Assert.Equal(new ChemicalElement("Au", 79), response.Content);
    }

    [Fact]
    public async Task Capital_of_a_country()
    {
        run.Require();
        await using var client = run.NewClient();

        var response = await client.CompleteAsync<CapitalCity>("What is the capital of Kenya?", cancellationToken: Cancel);

        Assert.Equal(new CapitalCity("Kenya", "Nairobi"), response.Content);
    }

    [Theory]
    [InlineData("I loved every minute, the staff were wonderful and the food was excellent.", Mood.Positive)]
    [InlineData("Terrible. It arrived broken and the staff were rude.", Mood.Negative)]
    public async Task Sentiment(string review, Mood mood)
    {
        run.Require();
        await using var client = run.NewClient();

        var response = await client.CompleteAsync<Mood>($"What is the sentiment of this review? \"{review}\"", cancellationToken: Cancel);

        Assert.Equal(mood, response.Content);
    }

    [Fact]
    public async Task Arithmetic()
    {
        run.Require();
        await using var client = run.NewClient();

        Assert.Equal(395, (await client.CompleteAsync<int>("What is 17 * 23 + 4?", cancellationToken: Cancel)).Content);
    }

    [Fact]
    public async Task Usage_above_zero()
    {
        run.Require();
        await using var client = run.NewClient();

        var usage = (await client.CompleteTextAsync("Say hello to Grace in one short sentence.", cancellationToken: Cancel)).Usage;

        Assert.InRange(usage.InputTokens, 1, 100_000);
        Assert.InRange(usage.OutputTokens, 1, 10_000);
    }

    [Fact]
    public async Task Latency()
    {
        run.Require();
        await using var client = run.NewClient();

        var watch = Stopwatch.StartNew();
        var response = await client.CompleteTextAsync("Say hello to Linus in one short sentence.", cancellationToken: Cancel);

        Assert.InRange(response.Latency, TimeSpan.FromMilliseconds(1), watch.Elapsed);
        Assert.InRange(Assert.Single(response.Metadata.Attempts, a => a.Outcome == CallOutcome.Succeeded).Latency, TimeSpan.FromMilliseconds(1), response.Latency);
    }

    [Fact]
    public async Task Accumulation_over_two_calls()
    {
        run.Require();
        await using var client = run.NewClient();
        var before = (client.CallCount, client.TotalTokens, client.CostSummary().KnownCostUsd);

        var first = await client.CompleteTextAsync("Say hello to Barbara in one short sentence.", cancellationToken: Cancel);
        var second = await client.CompleteTextAsync("Say hello to Edsger in one short sentence.", cancellationToken: Cancel);

        Assert.Equal(before.CallCount + 2, client.CallCount);
        Assert.Equal(before.TotalTokens + first.Usage.TotalTokens + second.Usage.TotalTokens, client.TotalTokens);
        Assert.Equal(before.KnownCostUsd + (first.Usage.TotalCostUsd ?? 0) + (second.Usage.TotalCostUsd ?? 0), client.CostSummary().KnownCostUsd);
    }

    [Fact]
    public async Task Translation()
    {
        run.Require();
        await using var client = run.NewClient();

        var response = await client.CompleteAsync<TranslatedPhrase>("Translate to German: \"Good morning\"", cancellationToken: Cancel);

        Assert.Equal(new TranslatedPhrase("German", "Guten Morgen"), response.Content with { Text = response.Content.Text.TrimEnd('.', '!') });
    }

    [Fact]
    public async Task Summary_shorter_than_its_input()
    {
        run.Require();
        await using var client = run.NewClient();

        var response = await client.CompleteTextAsync($"Summarise this text in at most 12 words, and write nothing else: {LongText}", cancellationToken: Cancel);

        Assert.InRange(response.Content.Length, 10, LongText.Length / 2);
        Assert.Contains("lighthouse", response.Content, StringComparison.OrdinalIgnoreCase);
    }

    public sealed record ChemicalElement(string Symbol, int AtomicNumber);

    public sealed record CapitalCity([property: Description("The country, in English")] string Country, string Capital);

    public sealed record TranslatedPhrase([property: Description("The language translated to, in English")] string Language, [property: Description("The translation alone")] string Text);

    public enum Mood
    {
        Positive,
        Neutral,
        Negative,
    }
}
