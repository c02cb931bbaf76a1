using LlmGateway.Dialects.Tests.Clients;
using LlmGateway.Server.Tests.Fakes;

namespace LlmGateway.Server.Tests.Calls;

/// <summary>A streamed answer by a schema on a route whose targets are not all of the caller's protocol: each target gives it in its own way.</summary>
public class SchemaRouteTests
{
    private const string Oslo = """{"city":"Oslo"}""";

    public static TheoryData<string> Dialects => [.. Served.Dialects];

    [Theory, MemberData(nameof(Dialects))]
    public async Task It_streams_while_it_is_written_by_a_target_that_is_believed(string dialect)
    {
        var rest = new TaskCompletionSource();
        await using var shaped = await Shaped.StartAsync((_, _) => new CodecServer.Hold(Shaped.Says("""{"city":"Oslo","or":"Bergen"}"""), "Oslo", rest.Task), Route(dialect));
        using var response = await shaped.AskAsync(dialect, Shaped.Asks("mixed", stream: true));
        await using var body = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        using var read = new MemoryStream();

        await Shaped.ReadUntilAsync(body, read, "Osl"); // The vendor has not written the rest yet. It writes three characters at a time.
        rest.SetResult();
        var reply = await Shaped.ReadRestAsync(dialect, body, read);

        Assert.Equal("relay", response.Headers.GetValues("x-llm-gateway-mode").Single());
        Assert.Equal("""{"city":"Oslo","or":"Bergen"}""", reply.Text);
    }

    [Theory, MemberData(nameof(Dialects))]
    public async Task Where_the_first_fails_the_next_is_gathered_and_checked(string dialect)
    {
        await using var shaped = await Shaped.StartAsync(
            (number, _) => number switch
            {
                0 => new Dialects.VendorError(ProviderErrorKind.NotFound, null, "No such model.", null),
                1 => Shaped.Says("""{"town":"Oslo"}"""),
                _ => Shaped.Says($"Here: {Oslo}"),
            },
            Route(dialect));
        using var response = await shaped.AskAsync(dialect, Shaped.Asks("mixed", stream: true));

        var reply = await Asking.ReadAsync(dialect, response);

        Assert.Equal((Oslo, FinishReason.Stop), (reply.Text, reply.FinishReason));
        Assert.Equal("translate", response.Headers.GetValues("x-llm-gateway-mode").Single());
        Assert.Equal(3, shaped.Vendor.Requests.Count);
    }

    [Theory, MemberData(nameof(Dialects))]
    public async Task What_went_out_before_the_first_died_is_gone_on_with_where_the_next_says_the_same(string dialect)
    {
        await using var shaped = await Shaped.StartAsync(
            (number, _) => number switch
            {
                0 => Shaped.Says("""{"city":"Os"""),
                1 => Shaped.Says("No."),
                _ => Shaped.Says($"Here: {Oslo}"),
            },
            Route(dialect, first: "is-cut"), keepsRecords: true);
        using var response = await shaped.AskAsync(dialect, Shaped.Asks("mixed", stream: true));

        var reply = await Asking.ReadAsync(dialect, response);

        Assert.Equal((Oslo, FinishReason.Stop), (reply.Text, reply.FinishReason));
        Assert.Equal("relay", response.Headers.GetValues("x-llm-gateway-mode").Single());
        var call = Assert.Single(shaped.Calls);
        Assert.Equal((CallOutcome.Succeeded, 1, 1), (call.Outcome, call.Rescues, call.Reasks));
    }

    [Theory, MemberData(nameof(Dialects))]
    public async Task And_is_an_error_where_it_says_something_else(string dialect)
    {
        await using var shaped = await Shaped.StartAsync((number, _) => Shaped.Says(number == 0 ? """{"city":"Os""" : """{"city":"Bergen"}"""), Route(dialect, first: "is-cut"), keepsRecords: true);
        using var response = await shaped.AskAsync(dialect, Shaped.Asks("mixed", stream: true));

        var error = await Assert.ThrowsAsync<Dialects.DialectException>(() => Asking.ReadAsync(dialect, response));

        Assert.NotNull(error.VendorError); // In the protocol's own words.
        Assert.Equal(CallOutcome.Failed, Assert.Single(shaped.Calls).Outcome);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_target_that_is_believed_is_so_after_one_that_is_not_and_the_record_is_of_it(bool stream)
    {
        await using var shaped = await Shaped.StartAsync(
            (number, _) => number switch
            {
                0 => Shaped.Says("No."), // Invalid, and when it is asked again it fails.
                1 => new Dialects.VendorError(ProviderErrorKind.NotFound, null, "No such model.", null),
                _ => Shaped.Says(Oslo),
            },
            """{"mixed": {"policy": "priority", "fallback_on": ["not_found"], "targets": ["to_anthropic/plain/m", "to_openai/m"]} }""", keepsRecords: true);
        using var response = await shaped.AskAsync("openai", Shaped.Asks("mixed", stream));

        var reply = await Asking.ReadAsync("openai", response);

        Assert.Equal(Oslo, reply.Text);
        Assert.Equal("relay", response.Headers.GetValues("x-llm-gateway-mode").Single());
        var call = Assert.Single(shaped.Calls);
        Assert.Equal(("to_openai", null, 0), (call.Provider, call.OutputMode, call.SchemaNotes.Count));
    }

    private static string Route(string dialect, string first = "m") => $$"""{"mixed": {"policy": "priority", "fallback_on": ["not_found"], "targets": ["to_{{dialect}}/{{first}}", "to_{{Shaped.Other(dialect)}}/plain/m"]} }""";
}
