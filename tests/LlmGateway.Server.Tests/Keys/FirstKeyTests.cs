using System.Net;
using LlmGateway.Server.Keys;
using LlmGateway.Server.Tests.Fakes;

namespace LlmGateway.Server.Tests.Keys;

/// <summary>The first key, made while the server runs, as by the command line.</summary>
public sealed class FirstKeyTests
{
    private const string Body = """{"model":"simulated","messages":[{"role":"user","content":"Hi"}]}""";

    [Fact]
    public async Task The_first_key_counts_from_its_first_call_on_and_from_then_on_one_is_needed()
    {
        await using var served = await Served.StartAsync(new Uri("http://127.0.0.1:1"));
        using (var anybody = await served.PostAsync("/v1/chat/completions", Body, ("Authorization", "Bearer sk-any"))) Assert.Equal(HttpStatusCode.OK, anybody.StatusCode);
        using var other = KeyStore.Open(Path.Combine(served.DataFolder, "keys.db"));
        var (key, secret) = other.Create(new KeySettings { Name = "alice" });

        using var first = await served.PostAsync("/v1/chat/completions", Body, ("Authorization", $"Bearer {secret}"));
        using var none = await served.PostAsync("/v1/chat/completions", Body);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized), (first.StatusCode, none.StatusCode));
        var calls = await served.CallsAsync(2);
        Assert.Equal([null, key.Id], calls.OrderBy(call => call.StartedAt).Select(call => call.Tags.FirstOrDefault(tag => tag.Key == "key").Value));
    }
}
