using System.Collections;
using System.Text;
using LlmGateway.Configuration;
using LlmGateway.Dialects;
using LlmGateway.Dialects.Tests;
using LlmGateway.Tests.Fakes;
using Microsoft.Extensions.Time.Testing;

namespace LlmGateway.Bedrock.Tests;

/// <summary>The provider, over real sockets.</summary>
public sealed class ProviderTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_call_is_signed_and_its_reply_read()
    {
        await using var server = new RawServer(RawServer.Response(200, Fixture.Bytes("bedrock", "tools.reply.json"), "Content-Type: application/json", "x-amzn-RequestId: req-1"));
        await using var provider = Make(server.Url, ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"), ("AWS_SECRET_ACCESS_KEY", "secret-key"), ("AWS_SESSION_TOKEN", "lent-token"), ("AWS_REGION", "eu-west-1"));

        var reply = await provider.CompleteAsync(Bedrock.Ask(new TextPart("Hi")), Token);

        var request = Assert.Single(server.Requests);
        Assert.Equal("/model/anthropic.claude-sonnet-4-5-20250929-v1%3A0/converse", request.Line.Split(" ")[1]);
        Assert.Matches("^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260102/eu-west-1/bedrock/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-security-token, Signature=[0-9a-f]{64}$", request.Headers["Authorization"]);
        Assert.Equal("20260102T030405Z", request.Headers["X-Amz-Date"]);
        Assert.Equal("lent-token", request.Headers["X-Amz-Security-Token"]);
        Assert.Equal(("req-1", FinishReason.ToolCalls), (reply.RequestId, reply.FinishReason));
    }

    [Fact]
    public async Task An_API_key_goes_as_a_bearer_token()
    {
        await using var server = new RawServer(RawServer.Response(200, Fixture.Bytes("bedrock", "text.reply.json"), "Content-Type: application/json"));
        await using var provider = Make(server.Url, ("AWS_BEARER_TOKEN_BEDROCK", "bedrock-api-key-x"));

        await provider.CompleteAsync(Bedrock.Ask(new TextPart("Hi")), Token);

        Assert.Equal("Bearer bedrock-api-key-x", Assert.Single(server.Requests).Headers["Authorization"]);
    }

    [Fact]
    public async Task A_reply_is_streamed_through_the_client()
    {
        await using var server = new RawServer(RawServer.Response(200, Fixture.Bytes("bedrock", "thinking.stream.bin"), "Content-Type: application/vnd.amazon.eventstream"));
        await using var provider = Make(server.Url, ("AWS_BEARER_TOKEN_BEDROCK", "k"));
        await using var client = new LlmClient(provider, new GatewayConfig { Model = Bedrock.Claude });
        var text = new StringBuilder();
        LlmResponse<LlmReply>? whole = null;

        await foreach (var delta in client.StreamAsync([LlmMessage.User("Which is larger?")], cancellationToken: Token))
        {
            if (delta is TextDelta piece) text.Append(piece.Text);
            if (delta is ResponseDelta last) whole = last.Response;
        }

        Assert.Equal("9.8 is larger.", text.ToString());
        Assert.Equal("/model/anthropic.claude-sonnet-4-5-20250929-v1%3A0/converse-stream", Assert.Single(server.Requests).Line.Split(" ")[1]);
        Assert.Equal((44L, 86L, FinishReason.Stop), (whole!.Usage.InputTokens, whole.Usage.OutputTokens, whole.Content.FinishReason));
        Assert.NotNull(whole.Usage.TotalCostUsd);
        Assert.IsType<ThinkingPart>(whole.Content.Parts[0]);
    }

    [Fact]
    public async Task A_stream_that_is_cut_is_truncated_with_what_came()
    {
        await using var server = new RawServer(RawServer.Response(200, Fixture.Bytes("bedrock", "truncated.stream.bin"), "Content-Type: application/vnd.amazon.eventstream"));
        await using var provider = Make(server.Url, ("AWS_BEARER_TOKEN_BEDROCK", "k"));
        await using var client = new LlmClient(provider, new GatewayConfig { Model = Bedrock.Claude, MaxRetries = 0 });

        var error = await Assert.ThrowsAsync<ProviderException>(async () =>
        {
            await foreach (var _ in client.StreamAsync([LlmMessage.User("Hi")], cancellationToken: Token))
            {
            }
        });

        Assert.Equal(ProviderErrorKind.Truncated, error.Kind);
        Assert.StartsWith("1. ", error.PartialReply!.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_is_the_vendors_and_shows_no_secret()
    {
        await using var server = new RawServer(RawServer.Response(403, """{"message":"Key secret-key is not known"}""", "Content-Type: application/json"));
        await using var provider = Make(server.Url, ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"), ("AWS_SECRET_ACCESS_KEY", "secret-key"), ("AWS_REGION", "us-east-1"));

        var error = await Assert.ThrowsAsync<ProviderException>(() => provider.CompleteAsync(Bedrock.Ask(new TextPart("Hi")), Token));

        Assert.Equal(ProviderErrorKind.Authentication, error.Kind);
        Assert.DoesNotContain("secret-key", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_profile_gives_keys_and_region()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "[mine]\naws_access_key_id = AKIDPROFILE\naws_secret_access_key = profile-secret\nregion = ap-south-1\n", Token);
        await using var server = new RawServer(RawServer.Response(200, Fixture.Bytes("bedrock", "text.reply.json"), "Content-Type: application/json"));
        await using var provider = Make(server.Url, ("AWS_PROFILE", "mine"), ("AWS_SHARED_CREDENTIALS_FILE", file));

        await provider.CompleteAsync(Bedrock.Ask(new TextPart("Hi")), Token);
        File.Delete(file);

        Assert.StartsWith("AWS4-HMAC-SHA256 Credential=AKIDPROFILE/20260102/ap-south-1/bedrock/", Assert.Single(server.Requests).Headers["Authorization"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_profile_that_is_not_there_is_an_error_of_authentication()
    {
        await using var provider = Make(new Uri("http://127.0.0.1:9"), ("AWS_PROFILE", "none-of-this-name"), ("AWS_REGION", "us-east-1"));

        var error = await Assert.ThrowsAsync<ProviderException>(() => provider.CompleteAsync(Bedrock.Ask(new TextPart("Hi")), Token));

        Assert.Equal(ProviderErrorKind.Authentication, error.Kind);
        Assert.Contains("none-of-this-name", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_region_it_says_what_to_set()
        => Assert.Equal("AWS_REGION", Assert.Throws<ProviderInitException>(() => Make(null, ("AWS_BEARER_TOKEN_BEDROCK", "k"))).Setting);

    [Fact]
    public async Task The_address_is_the_regions()
    {
        await using var us = Make(null, ("AWS_BEARER_TOKEN_BEDROCK", "k"), ("AWS_DEFAULT_REGION", "us-west-2"));
        await using var china = Make(null, ("AWS_BEARER_TOKEN_BEDROCK", "k"), ("AWS_REGION", "cn-north-1"));
        await using var own = Make(null, ("AWS_BEARER_TOKEN_BEDROCK", "k"), ("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "https://vpce.example"));

        Assert.Equal(["https://bedrock-runtime.us-west-2.amazonaws.com/", "https://bedrock-runtime.cn-north-1.amazonaws.com.cn/", "https://vpce.example/"], [us.Endpoint!.AbsoluteUri, china.Endpoint!.AbsoluteUri, own.Endpoint!.AbsoluteUri]);
        Assert.Equal(["us-west-2", "cn-north-1", null], [us.BillingRegion, china.BillingRegion, own.BillingRegion]);
    }

    [Theory]
    [InlineData("AWS_REGION", "not a region!")]
    [InlineData("AWS_SECRET_ACCESS_KEY", "x")] // Without its other half.
    [InlineData("AWS_BEARER_TOKEN_BEDROCK", "a b")]
    [InlineData("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "ftp://x")]
    public void A_setting_that_cannot_be_is_named(string name, string value)
    {
        (string, string)[] settings = name == "AWS_REGION" ? [(name, value)] : [(name, value), ("AWS_REGION", "us-east-1")];

        var error = Assert.Throws<ProviderInitException>(() => Make(null, settings));

        Assert.Contains("AWS_", error.Setting, StringComparison.Ordinal);
        Assert.Contains(name == "AWS_SECRET_ACCESS_KEY" ? "AWS_ACCESS_KEY_ID" : name, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("a b", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_dialect_is_registered_with_the_provider()
    {
        var registry = new ProviderRegistry().AddBedrock();

        Assert.Contains("bedrock", registry.List());
        Assert.Same(Bedrock.Dialect, Dialect.Find("bedrock"));
    }

    [Theory]
    [InlineData("global.anthropic.claude-sonnet-4-5-20250929-v1:0", true)]
    [InlineData("anthropic.claude-3-haiku-20240307-v1:0", false)]
    [InlineData("amazon.nova-lite-v1:0", false)]
    [InlineData("meta.llama3-1-70b-instruct-v1:0", false)]
    public async Task Native_schemas_are_used_where_they_are_documented(string model, bool native)
    {
        await using var provider = Make(null, ("AWS_BEARER_TOKEN_BEDROCK", "k"), ("AWS_REGION", "us-east-1"));

        Assert.Equal(native, provider.GetCapabilities(model).NativeSchema);
    }

    private static ILlmProvider Make(Uri? url, params (string Name, string Value)[] settings)
    {
        var environment = new Hashtable { ["LLM_PROVIDER"] = "bedrock", ["AWS_PROFILE"] = "none-of-this-name" };
        foreach (var (name, value) in settings) environment[name] = value;
        if (url is not null) environment["LLM_BASE_URL"] = url.AbsoluteUri;
        var config = ConfigReader.Read(VariableSet.Merge(null, environment));
        return new ProviderRegistry().AddBedrock().Build(config, new ProviderServices { TimeProvider = new FakeTimeProvider(Now) });
    }
}
