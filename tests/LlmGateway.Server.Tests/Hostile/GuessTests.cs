using System.Net;
using LlmGateway.Server.Keys;
using LlmGateway.Server.Tests.Fakes;

namespace LlmGateway.Server.Tests.Hostile;

/// <summary>Wrong keys in every place that a key may stand in: all get one and the same words, and no key is in the log.</summary>
[Collection(HostileTests.Name)]
public sealed class GuessTests
{
    private const string Body = """{"model":"simulated","messages":[{"role":"user","content":"Hi"}]}""";

    private static readonly string[] Places = ["Authorization", "x-api-key", "x-goog-api-key", "api-key", "?key="];

    [Fact]
    public async Task A_guess_is_told_nothing_wherever_it_stands()
    {
        using var log = new HeardLog();
        await using var served = await Served.StartAsync(new Uri("http://127.0.0.1:1"), logs: log.Factory());
        var keys = served.Gateway.Data!.Keys;
        var (key, right) = keys.Create(new KeySettings { Name = "right" });
        var (gone, revoked) = keys.Create(new KeySettings { Name = "gone" });
        keys.Revoke(gone.Id);
        var soon = DateTimeOffset.UtcNow.AddMilliseconds(300);
        var (_, expired) = keys.Create(new KeySettings { Name = "expired", ExpiresAt = soon });
        while (DateTimeOffset.UtcNow <= soon) await Task.Delay(20, TestContext.Current.CancellationToken);
        string[] guesses =
        [
            right[..^1] + (right[^1] == 'A' ? 'B' : 'A'), right[..20] + new string('A', right.Length - 20), right[..19], right[..^1], right + "A", right.ToUpperInvariant(), right.Replace(key.Id, gone.Id, StringComparison.Ordinal),
            $"lgw_{key.Id}_", "lgw_", "x", "' OR 1=1 --", "%00", new string('a', 4_000), $"{right},{right}", $"{right} {revoked}",
        ];
        var told = new HashSet<string>();
        foreach (var place in Places)
        {
            using (var good = await AskAsync(served, place, right)) Assert.Equal(HttpStatusCode.OK, good.StatusCode);
            foreach (var guess in guesses)
            {
                using var answer = await AskAsync(served, place, guess);
                Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
                told.Add(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            }

            using var after = await AskAsync(served, place, revoked);
            Assert.Equal(HttpStatusCode.Unauthorized, after.StatusCode);

            // Who has the whole of a key is told why it is no good any more.
            using var late = await AskAsync(served, place, expired);
            Assert.Equal(HttpStatusCode.Unauthorized, late.StatusCode);
            Assert.Contains("expired", await late.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
            using var none = await AskAsync(served, place, "");
            Assert.Equal(HttpStatusCode.Unauthorized, none.StatusCode);
        }

        var said = Assert.Single(told);
        Assert.DoesNotContain("lgw_", said, StringComparison.Ordinal);

        // Of two keys the first of the order counts, and a good one elsewhere does not mend it.
        using var two = await served.PostAsync("/v1/chat/completions", Body, ("Authorization", $"Bearer {guesses[0]}"), ("x-api-key", right));
        Assert.Equal(HttpStatusCode.Unauthorized, two.StatusCode);
        Assert.DoesNotContain(log.Lines, line => line.Contains(right[15..], StringComparison.Ordinal) || line.Contains(revoked[15..], StringComparison.Ordinal) || line.Contains(guesses[0][15..], StringComparison.Ordinal));
    }

    private static Task<HttpResponseMessage> AskAsync(Served served, string place, string key) => place == "?key="
        ? served.PostAsync($"/v1/chat/completions?key={Uri.EscapeDataString(key)}", Body)
        : served.PostAsync("/v1/chat/completions", Body, (place, place == "Authorization" ? $"Bearer {key}" : key));
}
