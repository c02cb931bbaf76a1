using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace ServerBench.Driver;

/// <summary>One kind of load: how many connections, and whether the answer is streamed.</summary>
internal readonly record struct Case(int Connections, bool Stream)
{
    /// <summary>A number of connections, with an s behind it for streams.</summary>
    public static Case Parse(string text) => new(int.Parse(text.TrimEnd('s'), CultureInfo.InvariantCulture), text.EndsWith('s'));

    public override string ToString() => (Stream ? "streamed, " : "not streamed, ") + Connections + (Connections == 1 ? " connection" : " connections");
}

/// <summary>What one system did under one load in one round.</summary>
internal sealed record Sample(double AnswersPerSecond, double EventsPerSecond, Histogram Latency, Histogram FirstByte, TimeSpan CpuEach, long Peak);

/// <summary>Puts one load on one system.</summary>
internal static class Load
{
    /// <summary>Reads the first answer with care, as JSON, and says what each later one must be like.</summary>
    public static async Task<Expected> LearnAsync(SystemUnderTest system, bool stream)
    {
        using var http = new HttpClient();
        var text = Encoding.UTF8.GetString(system.Requests(stream)[0]);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://{system.Server.Endpoint}/v1/chat/completions");
        request.Content = new StringContent(text[(text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..], Encoding.UTF8, "application/json");
        foreach (var line in system.Headers[0].Split("\r\n", StringSplitOptions.RemoveEmptyEntries)) request.Headers.TryAddWithoutValidation(line[..line.IndexOf(':')], line[(line.IndexOf(':') + 1)..].Trim());
        using var response = await http.SendAsync(request);
        var body = await response.Content.ReadAsStringAsync();
        try
        {
            response.EnsureSuccessStatusCode();
            if (stream) HoldStream(body);
            else HoldWhole(body);
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new AnswerException($"{system.Name} does not answer as it must: {e.Message}\n{body[..Math.Min(body.Length, 2000)]}");
        }

        return new Expected(stream, body.Split("\n\n").Length - 1, Encoding.UTF8.GetByteCount(body));
    }

    /// <summary>Warms the connections, then measures.</summary>
    public static async Task<Sample> RunAsync(SystemUnderTest system, Case load, Expected expected, TimeSpan warmup, TimeSpan measured)
    {
        // Each connection has its share of the requests, so that every one of them is sent.
        var requests = system.Requests(load.Stream);
        var connections = Enumerable.Range(0, load.Connections)
            .Select(i => new Connection(system.Server.Endpoint, requests.Count < load.Connections ? requests : [.. requests.Where((_, at) => at % load.Connections == i)], expected))
            .ToArray();
        try
        {
            var from = Stopwatch.GetTimestamp() + (long)(warmup.TotalSeconds * Stopwatch.Frequency);
            var until = from + (long)(measured.TotalSeconds * Stopwatch.Frequency);
            var runs = connections.Select(connection => Task.Run(() => connection.RunAsync(from, until))).ToArray();
            await Task.Delay(warmup);
            ProcessStat.ForgetPeak(system.Server.Pid);
            var cpu = ProcessStat.Cpu(system.Server.Pid);
            var begun = Stopwatch.GetTimestamp();
            await Task.WhenAny(Task.Delay(Stopwatch.GetElapsedTime(begun, until)), Failed(runs));
            var used = ProcessStat.Cpu(system.Server.Pid) - cpu;
            await Task.WhenAll(runs);
            var peak = ProcessStat.Peak(system.Server.Pid);
            var latency = new Histogram();
            var first = new Histogram();
            foreach (var connection in connections)
            {
                latency.Add(connection.Latency);
                first.Add(connection.FirstByte);
            }

            var answers = connections.Sum(connection => connection.Answers);
            if (answers == 0) throw new AnswerException($"{system.Name} gave no whole answer in {measured.TotalSeconds} s.");
            return new Sample(
                answers / measured.TotalSeconds,
                connections.Sum(connection => connection.Events) / measured.TotalSeconds,
                latency, first, used / answers, peak);
        }
        catch (AnswerException e)
        {
            throw new AnswerException($"{system.Name}, {load}: {e.Message}");
        }
        finally
        {
            foreach (var connection in connections) connection.Dispose();
        }
    }

    /// <summary>Ends when the first of the runs fails; never where none does.</summary>
    private static async Task Failed(Task[] runs)
    {
        await foreach (var run in Task.WhenEach(runs))
        {
            if (run.IsFaulted) return;
        }

        await Task.Delay(Timeout.Infinite);
    }

    private static void HoldWhole(string body)
    {
        using var json = JsonDocument.Parse(body);
        var content = json.RootElement.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!;
        if (!content.EndsWith("Nothing has been paid yet.", StringComparison.Ordinal)) throw new InvalidOperationException("Another text.");
        if (json.RootElement.GetProperty("usage").GetProperty("completion_tokens").GetInt32() != 61) throw new InvalidOperationException("Another usage.");
    }

    private static void HoldStream(string body)
    {
        var events = body.Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        if (events[^1] != "data: [DONE]") throw new InvalidOperationException("No terminal event.");
        var text = new StringBuilder();
        int? tokens = null;
        foreach (var data in events[..^1])
        {
            using var json = JsonDocument.Parse(data["data: ".Length..]);
            foreach (var choice in json.RootElement.GetProperty("choices").EnumerateArray())
            {
                if (choice.GetProperty("delta").TryGetProperty("content", out var piece)) text.Append(piece.GetString());
            }

            if (json.RootElement.TryGetProperty("usage", out var usage) && usage.ValueKind == JsonValueKind.Object) tokens = usage.GetProperty("completion_tokens").GetInt32();
        }

        var wanted = string.Concat(Enumerable.Range(0, 200).Select(static i => " word" + i));
        if (text.ToString() != wanted) throw new InvalidOperationException("Another text.");
        if (tokens != 200) throw new InvalidOperationException("Another usage.");
    }
}
