using LlmGateway.Tests.Fakes;

namespace LlmGateway.Tests.StructuredOutput;

/// <summary>Types that an answer cannot be read as are refused before anything is paid for.</summary>
public sealed class ReadableTypesTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_cannot_be_read_is_refused_before_anything_is_sent()
    {
        await Refused<IThing>("abstract or an interface");
        await Refused<List<IThing>>("abstract or an interface");
        await Refused<Hidden>("no constructor");
        await Refused<(int Count, string Name)>("no members");
        await Refused<OnlyFields>("no members");
        await Refused<NoSetter>("no members");
    }

    [Fact]
    public async Task A_computed_member_is_no_part_of_an_answer()
    {
        var provider = new ScriptedProvider("""{"width":2,"height":3,"area":7}""", """{"width":2,"height":3}""");
        await using var client = new LlmClient(provider);

        var response = await client.CompleteAsync<Box>("box", cancellationToken: Token);

        Assert.Equal((6, 1), (response.Content.Area, response.Metadata.Reasks)); // The 7 was not taken and dropped.
        Assert.False(provider.Requests[0].OutputSchema!.Schema.GetProperty("properties").TryGetProperty("area", out _));
    }

    [Fact]
    public async Task What_a_constructor_refuses_is_shown_to_the_model()
    {
        var provider = new ScriptedProvider("""{"hours":25}""", """{"hours":24}""");
        await using var client = new LlmClient(provider);

        Assert.Equal(24, (await client.CompleteAsync<Day>("day", cancellationToken: Token)).Content.Hours);
        Assert.Contains("a day has 24 hours", provider.Requests[1].Messages[^1].Content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_check_of_a_type_is_not_passed_over_where_the_answer_has_none()
    {
        var provider = new ScriptedProvider("hi");
        await using var client = new LlmClient(provider);
        var options = new LlmCallOptions<string> { Check = _ => new([new ValidationError("", "never good")]) };

        await Assert.ThrowsAsync<ArgumentException>(() => client.CompleteTextAsync("x", options, Token));
        Assert.Throws<ArgumentException>(() => client.StreamAsync("x", (LlmCallOptions)options, Token));
        Assert.Empty(provider.Requests);
    }

    private static async Task Refused<T>(string why)
    {
        var provider = new ScriptedProvider();
        await using var client = new LlmClient(provider);

        var error = await Assert.ThrowsAsync<NotSupportedException>(() => client.CompleteAsync<T>("x", cancellationToken: Token));

        Assert.Contains(why, error.Message, StringComparison.Ordinal);
        Assert.Empty(provider.Requests);
    }

    private interface IThing
    {
        string Name { get; }
    }

    private sealed class Hidden
    {
        private Hidden()
        {
        }

        public string? Name { get; set; }
    }

    private sealed class OnlyFields
    {
        public int Count = 1;
    }

    private sealed record NoSetter
    {
        public string Name { get; } = "";
    }

    private sealed record Box(int Width, int Height)
    {
        public int Area => Width * Height;
    }

    private sealed record Day
    {
        public Day(int hours) => Hours = hours <= 24 ? hours : throw new ArgumentOutOfRangeException(nameof(hours), "a day has 24 hours");

        public int Hours { get; }
    }
}
