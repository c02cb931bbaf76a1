using System.Text;
using System.Text.Json.Nodes;
using LlmGateway.Dialects;
using LlmGateway.Providers.Http;
using LlmGateway.Relay;
using LlmGateway.Tests.Fakes;
using static LlmGateway.Tests.Fakes.RawServer;

namespace LlmGateway.Tests.Relay;

/// <summary>Requests that are sent on as they came, over real sockets: what the vendor sees, and what the caller gets.</summary>
public sealed class RelayTests
{
    private const string Head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n";

    public static TheoryData<string> Dialects => RelayWire.Names;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task A_reply_is_passed_on_byte_for_byte_and_its_record_is_that_of_a_translated_one(string name)
    {
        var wire = RelayWire.All[name];
        await using var server = new RawServer(Response(200, wire.Whole, "Content-Type: application/json; charset=utf-8", "x-request-id: req_7"));
        await using var llm = wire.Client(server);

        var relayed = await llm.CompleteAsync(wire.Request(isStream: false), Token);
        var translated = await llm.CompleteAsync(wire.Request(isStream: false) with { Wire = null }, Token);

        Assert.Equal(wire.SentBody(isStream: false), server.Requests[0].Body);
        Assert.Equal("application/json", server.Requests[0].Headers["Content-Type"]);
        Assert.Equal((wire.Whole, wire.Dialect, "application/json; charset=utf-8"), (Text(relayed.Content.Wire!), relayed.Content.Wire!.Dialect, relayed.Content.Wire.ContentType));
        Assert.Null(translated.Content.Wire);
        Assert.Equal(("Hello", "r1", "m1", FinishReason.Stop), (relayed.Content.Text, relayed.Content.Id, relayed.Model, relayed.Content.FinishReason));
        Assert.NotNull(relayed.Usage.TotalCostUsd);
        Assert.Equal(translated.Usage, relayed.Usage);
        Assert.Empty(relayed.Metadata.Losses);
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task The_key_is_the_gateways_and_what_may_reach_the_vendor_of_query_and_headers_does(string name)
    {
        var wire = RelayWire.All[name];
        await using var server = new RawServer(Bytes(Head + wire.Stream));
        await using var llm = wire.Client(server);

        await RelayWire.CollectAsync(llm.StreamAsync(
            wire.Request(isStream: true, null, "beta=true&alt=json&x=%20", new("anthropic-beta", "a"), new("anthropic-beta", "b"), new("anthropic-version", "1999"), new("Authorization", "Bearer of-the-caller"), new("x-api-key", "of-the-caller"), new("x-goog-api-key", "of-the-caller"), new("Host", "elsewhere"), new("X-Trace", "t")),
            Token));

        var request = server.Requests[0];
        var path = request.Line.Split(' ')[1];
        Assert.EndsWith(name == "gemini" ? "?alt=sse&beta=true&x=%20" : "?beta=true&alt=json&x=%20", path, StringComparison.Ordinal);
        Assert.DoesNotContain("of-the-caller", string.Concat(request.Headers.Values), StringComparison.Ordinal);
        Assert.Contains(request.Headers.Values, value => value.EndsWith("the-secret-key", StringComparison.Ordinal));
        Assert.Equal(("a, b", "t"), (request.Headers["anthropic-beta"], request.Headers["X-Trace"]));
        Assert.StartsWith("127.0.0.1", request.Headers["Host"], StringComparison.Ordinal);
        if (name == "anthropic") Assert.Equal("2023-06-01", request.Headers["anthropic-version"]);
    }

    [Fact]
    public async Task What_the_configuration_says_is_not_put_into_a_request_that_came_over_the_wire()
    {
        var wire = RelayWire.All["openai"];
        await using var server = new RawServer(Response(200, wire.Whole));
        await using var llm = wire.Client(server);

        await llm.CompleteAsync(wire.Request(isStream: false), Token);
        await llm.CompleteAsync(RelayWire.All["gemini"].Request(isStream: false) with { Model = wire.Model }, Token);

        var translated = JsonNode.Parse(server.Requests[1].Body)!.AsObject();
        Assert.False(translated.ContainsKey("temperature") || translated.ContainsKey("max_tokens") || translated.ContainsKey("max_completion_tokens"));
    }

    [Fact]
    public async Task A_request_that_was_changed_on_its_way_is_translated()
    {
        var wire = RelayWire.All["anthropic"];
        await using var server = new RawServer(Response(200, wire.Whole));
        await using var llm = wire.Client(server);
        var request = wire.Request(isStream: false);

        var changed = await llm.CompleteAsync(request with { MaxTokens = 30 }, Token);
        var longer = await llm.CompleteAsync(request with { Messages = [.. request.Messages, LlmMessage.Assistant("So")] }, Token);
        var same = await llm.CompleteAsync(request with { Tags = new Dictionary<string, string> { ["team"] = "a" } }, Token);

        Assert.Equal((null, null, wire.Whole), (changed.Content.Wire, longer.Content.Wire, Text(same.Content.Wire!)));
        Assert.Equal(30, JsonNode.Parse(server.Requests[0].Body)!["max_tokens"]!.GetValue<int>());
        Assert.Equal(2, JsonNode.Parse(server.Requests[1].Body)!["messages"]!.AsArray().Count);
    }

    [Theory]
    [InlineData("""{"model":"gateway-name","max_tokens":9999,"max_tokens":1,"messages":[{"role":"user","content":"Hi"}]}""", "max_tokens")]
    [InlineData("""{"model":"gateway-name","messages":[{"role":"user","content":"Hi","content":"Bye"}]}""", "content")]
    public void A_member_that_stands_twice_is_refused_by_its_name(string body, string name)
    {
        var error = Assert.Throws<DialectException>(() => RelayWire.All["openai"].Request(isStream: false, body));

        Assert.Equal(ProviderErrorKind.InvalidRequest, error.Kind);
        Assert.Contains($"'{name}'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task An_error_of_the_vendors_comes_with_its_bytes(string name)
    {
        var wire = RelayWire.All[name];
        await using var server = new RawServer(Response(400, wire.Error, "Content-Type: application/json"));
        await using var llm = wire.Client(server);

        var whole = await Assert.ThrowsAsync<ProviderException>(() => llm.CompleteAsync(wire.Request(isStream: false), Token));
        var (_, _, streamed) = await RelayWire.CollectAsync(llm.StreamAsync(wire.Request(isStream: true), Token));
        var translated = await Assert.ThrowsAsync<ProviderException>(() => llm.CompleteAsync(wire.Request(isStream: false) with { Wire = null }, Token));

        Assert.Equal((ProviderErrorKind.InvalidRequest, 400, wire.Error), (whole.Kind, whole.HttpStatus, Text(whole.Wire!)));
        Assert.Equal(wire.Error, Text(Assert.IsType<ProviderException>(streamed).Wire!));
        Assert.Null(translated.Wire);
    }

    [Theory]
    [InlineData(401, """{"error":{"message":"Incorrect API key provided: the-*****-key.","code":"invalid_api_key"}}""")]
    [InlineData(402, """{"error":{"message":"No credit on this account.","code":"insufficient_quota"}}""")]
    [InlineData(400, """{"error":{"message":"Bad header: Bearer the-secret-key."}}""")]
    [InlineData(400, """{"error":{"message":"Bad header: Bearer the-s\u0065cret-key."}}""")]
    [InlineData(502, "<html>the balancer's own page</html>")]
    public async Task An_error_that_speaks_of_the_gateways_key_is_not_the_callers(int status, string body)
    {
        var wire = RelayWire.All["openai"];
        await using var server = new RawServer(Response(status, body, "Content-Type: application/json"));
        await using var llm = wire.Client(server);

        var error = await Assert.ThrowsAsync<ProviderException>(() => llm.CompleteAsync(wire.Request(isStream: false), Token));

        Assert.Null(error.Wire);
        Assert.DoesNotContain("the-secret-key", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_goes_on_to_a_target_of_another_dialect_translated()
    {
        var (from, to) = (RelayWire.All["openai"], RelayWire.All["anthropic"]);
        await using var broken = new RawServer(Response(503, """{"error":{"message":"Down."}}""", "Content-Type: application/json"));
        await using var server = new RawServer(Bytes(Head + to.Stream));
        await using var llm = Over(new GatewayConfig { MaxRetries = 3 }, from.Provider(broken, "first"), to.Provider(server, "second"));

        var (deltas, bytes, error) = await RelayWire.CollectAsync(llm.StreamAsync(from.Request(isStream: true) with { Model = "" }, Token));

        Assert.Null(error);
        Assert.Empty(bytes);
        Assert.Equal(from.SentBody(isStream: true), broken.Requests[0].Body);
        var sent = JsonNode.Parse(server.Requests[0].Body)!;
        Assert.Equal((to.Model, 77, "Hi é"), (sent["model"]!.GetValue<string>(), sent["max_tokens"]!.GetValue<int>(), sent["messages"]![0]!["content"]![0]!["text"]!.GetValue<string>()));
        Assert.Equal("Hello", Assert.IsType<ResponseDelta>(deltas[^1]).Response.Content.Text);
    }

    [Fact]
    public async Task A_limit_that_a_protocol_must_have_is_the_models_own_where_it_is_known()
    {
        var (from, to) = (RelayWire.All["openai"], RelayWire.All["anthropic"]);
        await using var server = new RawServer(Response(200, to.Whole));
        await using var llm = Over(new GatewayConfig(), to.Provider(server, "only", new ModelCapabilities { MaxOutputTokens = 4321 }));

        await llm.CompleteAsync(from.Request(isStream: false) with { Model = "" }, Token);

        Assert.Equal(4321, JsonNode.Parse(server.Requests[0].Body)!["max_tokens"]!.GetValue<int>());
    }

    [Fact]
    public async Task Without_a_limit_of_tokens_what_the_model_can_hold_bounds_the_cost()
    {
        var wire = RelayWire.All["openai"];
        await using var server = new RawServer(Response(200, wire.Whole));
        await using var rich = Limited(100m);
        await using var poor = Limited(0.001m);
        var request = wire.Request(isStream: false, """{"model":"gateway-name","messages":[{"role":"user","content":"Hi"}]}""");

        var response = await rich.CompleteAsync(request, Token);
        var refused = await Assert.ThrowsAsync<CostLimitExceededException>(() => poor.CompleteAsync(request, Token));

        Assert.True(response.Metadata.Attempts[0].ReservedUsd > response.Usage.TotalCostUsd);
        Assert.Equal(response.Metadata.Attempts[0].ReservedUsd, refused.AskedUsd);
        Assert.Single(server.Requests);

        LlmClient Limited(decimal limit) => new(new GatewayConfig { Provider = "openai", BaseUrl = server.Url, ApiKey = "k", Model = wire.Model, CostLimitUsd = limit });
    }

    [Fact]
    public async Task A_stream_that_died_after_it_was_passed_on_in_half_is_gone_on_with_by_deltas()
    {
        var wire = RelayWire.All["openai"];
        var half = wire.Stream[..wire.Stream.IndexOf("data: {\"id\":\"r1\",\"model\":\"m1\",\"choices\"", StringComparison.Ordinal)];
        await using var dying = new RawServer(Bytes(Head + half));
        await using var other = new RawServer(Bytes(Head + wire.Stream));
        await using var llm = Over(new GatewayConfig { MaxRetries = 3 }, wire.Provider(dying, "first"), wire.Provider(other, "second"));

        var (deltas, bytes, error) = await RelayWire.CollectAsync(llm.StreamAsync(wire.Request(isStream: true) with { Model = "" }, Token));

        Assert.Null(error);
        Assert.Equal(half, bytes);
        Assert.True(deltas.FindLastIndex(delta => delta is WireDelta) < deltas.FindIndex(delta => delta is ContinuedDelta));
        var response = Assert.IsType<ResponseDelta>(deltas[^1]).Response;
        Assert.Equal(("Hello", 1, 2), (response.Content.Text, response.Metadata.Rescues, response.Metadata.Attempts.Count));
        Assert.Equal("lo", string.Concat(deltas.Skip(deltas.FindIndex(delta => delta is ContinuedDelta)).OfType<TextDelta>().Select(delta => delta.Text)));
    }

    [Fact]
    public async Task Bytes_that_are_held_back_stay_what_they_were()
    {
        var wire = RelayWire.All["openai"];
        await using var server = new RawServer(async (_, stream, token) =>
        {
            await stream.WriteAsync(Bytes(Head), token);
            foreach (var piece in wire.Stream.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)) await stream.WriteAsync(Bytes(piece + "\n\n"), token);
        });
        await using var llm = Over(new GatewayConfig { StreamRescue = StreamRescue.Buffer }, wire.Provider(server, "only"));

        var (_, bytes, error) = await RelayWire.CollectAsync(llm.StreamAsync(wire.Request(isStream: true) with { Model = "" }, Token));

        Assert.Null(error);
        Assert.Equal(wire.Stream, bytes);
    }

    /// <summary>A client over providers on real sockets: the first, and the others as its fallbacks.</summary>
    private static LlmClient Over(GatewayConfig config, params HttpProvider[] providers)
    {
        var registry = new ProviderRegistry();
        foreach (var provider in providers) registry.Register(provider.Name, _ => provider);
        config.Provider = providers[0].Name;
        config.Fallbacks = [.. providers.Skip(1).Select(provider => new RouteTarget { Vendor = provider.Name, Model = provider.DefaultModel })];
        return new LlmClient(config, new LlmClientOptions { Registry = registry, Services = new ProviderServices { Randomizer = () => 0 } });
    }

    private static string Text(WireReply reply) => Encoding.UTF8.GetString(reply.Body.Span);

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
