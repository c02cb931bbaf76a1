using LlmGateway.Tests.Fakes;

namespace LlmGateway.Tests.StructuredOutput;

/// <summary>The caller's own check, and the policy for members that the type does not have.</summary>
public sealed class OwnCheckTests
{
    private static readonly LlmCallOptions<Line> NoShouting = new()
    {
        Check = line => ValueTask.FromResult<IEnumerable<ValidationError>>(line.Text == "LOUD" ? [new("/text", "must not shout")] : []),
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_the_callers_check_says_is_shown_to_the_model()
    {
        var provider = new ScriptedProvider("""{"text":"LOUD","count":1}""", """{"text":"soft","count":1}""");
        await using var client = new LlmClient(provider);

        var response = await client.CompleteAsync<Line>("line", NoShouting, Token);

        Assert.Equal(("soft", 1), (response.Content.Text, response.Metadata.Reasks));
        Assert.Contains("- /text: must not shout", provider.Requests[1].Messages[^1].Content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_runs_only_on_an_answer_that_is_valid_otherwise()
    {
        var seen = new List<Line>();
        var options = new LlmCallOptions<Line>
        {
            Check = line =>
            {
                seen.Add(line);
                return ValueTask.FromResult<IEnumerable<ValidationError>>(null!); // Nothing to say.
            },
        };
        await using var client = new LlmClient(new ScriptedProvider("""{"text":"t","count":99}""", """{"text":"t","count":1}"""));

        await client.CompleteAsync<Line>("line", options, Token);

        Assert.Equal([new Line("t", 1)], seen);
    }

    [Fact]
    public async Task Its_pointers_are_those_of_the_value_also_where_that_is_wrapped_on_the_way()
    {
        var provider = new ScriptedProvider("""{"value":[1,7]}""");
        await using var client = new LlmClient(provider, new GatewayConfig { MaxReasks = 0 });
        var options = new LlmCallOptions<List<int>> { Check = _ => ValueTask.FromResult<IEnumerable<ValidationError>>([new("/1", "is unlucky")]) };

        var error = await Assert.ThrowsAsync<ResponseValidationException>(() => client.CompleteAsync<List<int>>("numbers", options, Token));

        Assert.Equal("/1: is unlucky", Assert.Single(error.Errors).ToString());
    }

    [Fact]
    public async Task Options_for_another_type_are_refused_before_anything_is_sent()
    {
        var provider = new ScriptedProvider("""{"value":1}""");
        await using var client = new LlmClient(provider);

        await Assert.ThrowsAsync<ArgumentException>(() => client.CompleteAsync<int>("line", NoShouting, Token));

        Assert.Empty(provider.Requests);
    }

    [Theory]
    [InlineData(UnknownMembers.Error, false)]
    [InlineData(UnknownMembers.Ignore, true)]
    public async Task Unknown_members_are_errors_unless_the_policy_says_otherwise(UnknownMembers policy, bool isValid)
    {
        var provider = new ScriptedProvider("""{"text":"t","why":"because","count":1}""");
        await using var client = new LlmClient(provider, new GatewayConfig { MaxReasks = 0, UnknownMembers = policy });

        var call = client.CompleteAsync<Line>("line", cancellationToken: Token);

        if (isValid) Assert.Equal(new Line("t", 1), (await call).Content);
        else Assert.Equal("/why", Assert.Single((await Assert.ThrowsAsync<ResponseValidationException>(() => call)).Errors).Pointer);
        Assert.False(provider.Requests[0].OutputSchema!.Schema.GetProperty("additionalProperties").GetBoolean()); // The model is told all the same.
    }

    [Fact]
    public async Task Shape_and_attributes_are_told_together()
    {
        await using var client = new LlmClient(new ScriptedProvider("""{"count":99}"""), new GatewayConfig { MaxReasks = 0 });

        var error = await Assert.ThrowsAsync<ResponseValidationException>(() => client.CompleteAsync<Line>("line", cancellationToken: Token));

        Assert.Equal([("/count", "99"), ("/text", null)], error.Errors.OrderBy(e => e.Pointer, StringComparer.Ordinal).Select(e => (e.Pointer, e.Value)));
    }

    [Fact]
    public async Task An_answer_without_the_wrapper_is_read_and_told()
    {
        await using var client = new LlmClient(new ScriptedProvider("[1, 2]"), new GatewayConfig { MaxReasks = 0 });

        var response = await client.CompleteAsync<List<int>>("numbers", cancellationToken: Token);

        Assert.Equal([1, 2], response.Content);
        Assert.Equal("missing_wrapper", Assert.Single(response.Metadata.Repairs).Kind);
    }
}
