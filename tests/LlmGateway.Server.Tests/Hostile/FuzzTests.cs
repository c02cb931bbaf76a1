using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using LlmGateway.Server.Tests.Fakes;

namespace LlmGateway.Server.Tests.Hostile;

/// <summary>Requests that are nearly right, and bytes that are nothing: each gets an answer of its protocol that says so, and the server goes on.</summary>
[Collection(HostileTests.Name)]
public sealed class FuzzTests
{
    private const int Each = 40;
    private const string AdminToken = "an-admin-token-of-the-hostile-tests";

    private static readonly string Tools = """[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object","properties":{"a":{"type":"string","enum":["x"]}}},"strict":true}}]""";

    private static readonly (string Path, string Shape, string Body)[] Requests =
    [
        .. ((string[])["simulated", "on_openai/ok", "on_anthropic/ok", "on_gemini/ok"]).Select(static model => ("/v1/chat/completions", "openai", $$$$"""{"model":"{{{{model}}}}","max_tokens":50,"temperature":0.5,"top_p":1,"stop":["END"],"seed":7,"stream":true,"stream_options":{"include_usage":true},"tools":{{{{Tools}}}},"tool_choice":"auto","response_format":{"type":"text"},"reasoning_effort":"low","metadata":{"a":"b"},"user":"u","fallbacks":["simulated"],"messages":[{"role":"system","content":"s"},{"role":"user","content":[{"type":"text","text":"Hi"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AA==","detail":"low"}}]},{"role":"assistant","tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}}]},{"role":"tool","tool_call_id":"c1","content":"r"}]}""")),
        ("/v1/chat/completions", "openai", """{"model":"on_anthropic/json","max_tokens":50,"response_format":{"type":"json_schema","json_schema":{"name":"n","strict":true,"schema":{"type":"object","required":["a"],"properties":{"a":{"type":"string","pattern":"^x","minLength":1}},"additionalProperties":false}}},"messages":[{"role":"user","content":"Hi"}]}"""),
        .. ((string[])["simulated", "on_openai_responses/ok", "on_gemini/ok"]).Select(static model => ("/v1/responses", "openai", $$$$"""{"model":"{{{{model}}}}","max_output_tokens":50,"instructions":"i","stream":false,"text":{"format":{"type":"text"}},"reasoning":{"effort":"low"},"tools":[{"type":"function","name":"f","parameters":{"type":"object"},"strict":false}],"tool_choice":"auto","input":[{"role":"user","content":[{"type":"input_text","text":"Hi"}]},{"type":"function_call","call_id":"c1","name":"f","arguments":"{}"},{"type":"function_call_output","call_id":"c1","output":"r"}]}""")),
        .. ((string[])["simulated", "on_openai/ok", "on_anthropic/ok"]).Select(static model => ("/v1/messages", "anthropic", $$$$"""{"model":"{{{{model}}}}","max_tokens":50,"stream":true,"system":[{"type":"text","text":"s","cache_control":{"type":"ephemeral"}}],"thinking":{"type":"disabled"},"metadata":{"user_id":"u"},"tools":[{"name":"f","description":"d","input_schema":{"type":"object"}}],"tool_choice":{"type":"auto"},"messages":[{"role":"user","content":[{"type":"text","text":"Hi"}]},{"role":"assistant","content":[{"type":"tool_use","id":"c1","name":"f","input":{}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"c1","content":"r"}]}]}""")),
        ("/v1/messages/count_tokens", "anthropic", """{"model":"simulated","messages":[{"role":"user","content":"Hi"}]}"""),
        .. ((string[])["simulated:generateContent", "on_gemini/ok:generateContent", "on_openai/ok:streamGenerateContent?alt=sse"]).Select(static model => ($"/v1beta/models/{model}", "gemini", """{"systemInstruction":{"parts":[{"text":"s"}]},"generationConfig":{"temperature":0.5,"maxOutputTokens":50,"stopSequences":["END"],"thinkingConfig":{"thinkingBudget":0}},"tools":[{"functionDeclarations":[{"name":"f","parameters":{"type":"OBJECT","properties":{"a":{"type":"STRING"}}}}]}],"toolConfig":{"functionCallingConfig":{"mode":"AUTO"}},"safetySettings":[],"contents":[{"role":"user","parts":[{"text":"Hi"}]},{"role":"model","parts":[{"functionCall":{"name":"f","args":{}}}]},{"role":"user","parts":[{"functionResponse":{"name":"f","response":{"output":"r"}}}]}]}""")),
        ("/v1beta/models/simulated:countTokens", "gemini", """{"generateContentRequest":{"contents":[{"parts":[{"text":"Hi"}]}]}}"""),
        ("/v1beta/models/on_gemini/ok:embedContent", "gemini", """{"content":{"parts":[{"text":"Hi"}]},"taskType":"CLUSTERING","outputDimensionality":3}"""),
        ("/v1/embeddings", "openai", """{"model":"on_openai/ok","input":["Hi"],"dimensions":3,"encoding_format":"float"}"""),
        ("/admin/keys", "admin", """{"name":"n","models":["a/*"],"routes":["r"],"may_fall_back":true,"requests_per_minute":1,"tokens_per_minute":2,"max_concurrent":3,"expires_at":"2030-01-01","budgets":[{"limit_usd":"20","window":"month"},"3/day"],"tags":{"team":"t"}}"""),
    ];

    /// <summary>What stands in a value's place.</summary>
    private static readonly string[] Values =
    [
        "null", "true", "[]", "{}", "\"\"", "0", "-1", "1.5", "-0", "1e400", "1e-400", "99999999999999999999999999", "\"hot\"", "\"\\ud83d\"", "\"\\udc00x\"", "\"\\u0000\"", "\"\\r\\nX-Injected: 1\"",
        "[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]", "{\"a\":{\"a\":{\"a\":{}}}}", "{\"a\":1,\"a\":2}", "{\"$ref\":\"#\"}", "[null]", "[{}]", "[1,\"a\",null]", "{\"type\":\"nobodys\"}", "\"unknown_word\"", "NaN", "01", "'a'", "\"\\x\"", "",
        $"\"{new string('x', 100_000)}\"", $"{new string('[', 5_000)}{new string(']', 5_000)}", $"{new string('9', 5_000)}",
    ];

    [Fact]
    public async Task Whatever_stands_in_a_body_is_answered_in_the_callers_protocol()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        using var log = new HeardLog();
        await using var upstream = new MisbehavingServer();
        await using var served = await Served.StartAsync(upstream.Url, retries: 0, configure: static options => options.AdminToken = AdminToken, logs: log.Factory());
        served.Http.Timeout = TimeSpan.FromSeconds(30);
        foreach (var (path, shape, body) in Requests)
        {
            var right = Encoding.UTF8.GetBytes(body);
            _ = JsonDocument.Parse(right);
            var mutants = Enumerable.Range(0, Each).Select(_ => Mutate(right, random)).Prepend(right).ToList();
            await Parallel.ForEachAsync(mutants, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = TestContext.Current.CancellationToken }, async (mutant, _) =>
            {
                var (status, problem) = await AskAsync(served, path, shape, mutant);
                Assert.True(problem is null, $"Seed {seed}, {path}: {status}, {problem}\n{Shown(mutant)}\n{string.Join('\n', log.Errors)}");
            });
        }

        Assert.True(!log.Errors.Any(), $"Seed {seed}: {string.Join('\n', log.Errors)}");
        using var made = await served.PostAsync("/admin/keys", """{"name":"n"}""", ("Authorization", $"Bearer {AdminToken}"));
        using var key = JsonDocument.Parse(await made.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        using var good = await served.PostAsync("/v1/chat/completions", """{"model":"simulated","messages":[{"role":"user","content":"Hi"}]}""", ("Authorization", $"Bearer {key.RootElement.GetProperty("key").GetString()}"));
        Assert.Equal(200, (int)good.StatusCode);
    }

    [Fact]
    public async Task Bytes_that_are_no_request_are_refused_and_the_server_goes_on()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        using var log = new HeardLog();
        await using var served = await Served.StartAsync(new Uri("http://127.0.0.1:1"), configure: static options => options.BodyTimeout = TimeSpan.FromSeconds(1), logs: log.Factory());
        const string right = """{"model":"simulated","messages":[{"role":"user","content":"Hi"}]}""";
        var head = $"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
        List<string> texts =
        [
            "\r\n\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\nHost: localhost\r\n\r\n", "G\0T / HTTP/1.1\r\n\r\n", "POST /v1/messages HTTP/1.1\r\n\r\n", "\u0016\u0003\u0001\u0002\0\u0001",
            "POST /v1/../admin/keys HTTP/1.1\r\nHost: localhost\r\n\r\n", "POST http://evil.example/v1/messages HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n", "CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n", "GET /v1/models/%00%ff%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
            $"GET /{new string('a', 40_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n", $"GET / HTTP/1.1\r\nHost: localhost\r\nX: {new string('a', 40_000)}\r\n\r\n", $"GET / HTTP/1.1\r\nHost: localhost\r\n{string.Concat(Enumerable.Repeat("X: 1\r\n", 200))}\r\n",
            $"{head}Content-Length: {right.Length + 10}\r\n\r\n{right}", $"{head}Content-Length: -1\r\n\r\n{right}", $"{head}Content-Length: 99999999999999999999\r\n\r\n{right}", $"{head}Content-Length: {right.Length}, {right.Length + 1}\r\n\r\n{right}",
            $"{head}Transfer-Encoding: chunked\r\n\r\nZZ\r\n{right}", $"{head}Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n{right}", $"{head}Transfer-Encoding: chunked\r\n\r\n{right.Length + 5:x}\r\n{right}\r\n0\r\n\r\n", $"{head}Transfer-Encoding: chunked\r\n\r\n5\r\n{right}", $"{head}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        ];
        for (var i = 0; i < 150; i++)
        {
            var bytes = Encoding.Latin1.GetBytes($"{head}Content-Length: {right.Length}\r\nConnection: close\r\n\r\n{right}");
            for (var n = random.Next(1, 6); n > 0; n--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            texts.Add(Encoding.Latin1.GetString(bytes));
        }

        await Parallel.ForEachAsync(texts, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = TestContext.Current.CancellationToken }, async (text, _) =>
        {
            var answer = await RawHttp.AskAsync(served.Url, text);
            Assert.True(answer.Length == 0 || answer.StartsWith("HTTP/1.1 4", StringComparison.Ordinal) || answer.StartsWith("HTTP/1.1 200", StringComparison.Ordinal) || answer.StartsWith("HTTP/1.1 505", StringComparison.Ordinal), $"Seed {seed}: {text[..Math.Min(500, text.Length)]}\n{answer}");
        });

        // Several on one connection are answered one after the other, each by itself.
        var one = $"{head}Content-Length: {right.Length}\r\n\r\n{right}";
        var all = await RawHttp.AskAsync(served.Url, $"{one}{one}{head}Content-Length: 2\r\nConnection: close\r\n\r\n[]");
        Assert.Equal([200, 200, 400], all.Split("HTTP/1.1 ")[1..].Select(static part => int.Parse(part[..3], System.Globalization.CultureInfo.InvariantCulture)));

        // Kestrel says so of each body whose time was over.
        var errors = log.Errors.Where(static error => !error.Contains("automatic draining of the request body failed", StringComparison.Ordinal)).ToList();
        Assert.True(errors.Count == 0, $"Seed {seed}: {string.Join('\n', errors)}");
    }

    private static async Task<(int Status, string? Problem)> AskAsync(Served served, string path, string shape, byte[] body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } } };
        if (shape == "admin") request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", AdminToken);
        using var response = await served.Http.SendAsync(request, TestContext.Current.CancellationToken);
        var status = (int)response.StatusCode;
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        if (shape == "admin" && status == 201)
        {
            // Else the next would need it.
            using var made = JsonDocument.Parse(text);
            using var gone = new HttpRequestMessage(HttpMethod.Delete, $"/admin/keys/{made.RootElement.GetProperty("id").GetString()}") { Headers = { Authorization = request.Headers.Authorization } };
            (await served.Http.SendAsync(gone, TestContext.Current.CancellationToken)).Dispose();
            return (status, null);
        }

        if (response.Headers.Contains("X-Injected")) return (status, "a header was injected");
        if (status == 200) return (status, text.Length == 0 ? "empty" : null);
        if (status is < 400 or > 499) return (status, text);
        try
        {
            using var json = JsonDocument.Parse(text);
            var error = json.RootElement.GetProperty("error");
            var isRight = error.GetProperty("message").GetString() is { Length: > 0 } && shape switch
            {
                "openai" => error.TryGetProperty("type", out _),
                "anthropic" => json.RootElement.GetProperty("type").GetString() == "error" && error.TryGetProperty("type", out _),
                "gemini" => error.GetProperty("code").GetInt32() == status && error.TryGetProperty("status", out _),
                _ => error.TryGetProperty("code", out _),
            };
            return (status, isRight ? null : $"not in the protocol's shape: {text}");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return (status, $"not in the protocol's shape: {text}");
        }
    }

    private static byte[] Mutate(byte[] right, Random random)
    {
        switch (random.Next(8))
        {
            case 0:
                return right[..random.Next(right.Length)];
            case 1:
                byte[] flipped = [.. right];
                for (var n = random.Next(1, 4); n > 0; n--) flipped[random.Next(flipped.Length)] = (byte)random.Next(256);
                return flipped;
            case 2:
                var name = Places(right).Where(static place => place.IsName).ToArray() is { Length: > 0 } names ? names[random.Next(names.Length)] : default;
                // The member a second time, before itself.
                return [.. right[..name.Start], .. right[name.Start..name.End], .. ":0,"u8, .. right[name.Start..]];
            default:
                var places = Places(right).Where(static place => !place.IsName).ToArray();
                var (start, end, _) = places[random.Next(places.Length)];
                return [.. right[..start], .. Encoding.UTF8.GetBytes(Values[random.Next(Values.Length)]), .. right[end..]];
        }
    }

    private static List<(int Start, int End, bool IsName)> Places(byte[] json)
    {
        var places = new List<(int, int, bool)>();
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            var start = (int)reader.TokenStartIndex;
            if (reader.TokenType == JsonTokenType.PropertyName) places.Add((start, start + reader.ValueSpan.Length + 2, true));
            else if (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject)
            {
                var copy = reader;
                copy.Skip();
                places.Add((start, (int)copy.BytesConsumed, false));
            }
            else if (reader.TokenType is not (JsonTokenType.EndArray or JsonTokenType.EndObject)) places.Add((start, (int)reader.BytesConsumed, false));
        }

        return places;
    }

    private static string Shown(byte[] body) => Encoding.UTF8.GetString(body) is var text && text.Length > 3000 ? text[..3000] : text;
}
