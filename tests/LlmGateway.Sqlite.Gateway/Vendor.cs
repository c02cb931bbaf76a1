using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace LlmGateway.Sqlite.Gateway;

/// <summary>
/// Answers, fails, breaks off and falls silent by what a hash of the prompt says. Every request is in its log before a byte of
/// the answer leaves: "recv MARKER" when it is there whole, "bill MARKER USD" for what it costs.
/// </summary>
internal static partial class Vendor
{
    public static async Task RunAsync(string log)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start(512);
        var lines = TextWriter.Synchronized(new StreamWriter(new FileStream(log, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, 1)) { AutoFlush = true, NewLine = "\n" });
        Console.WriteLine($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/v1");
        while (true) _ = ServeAsync(await listener.AcceptTcpClientAsync(), lines);
    }

    private static async Task ServeAsync(TcpClient client, TextWriter log)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                using var reader = new StreamReader(stream, Encoding.ASCII, false, 4096, leaveOpen: true);
                while (await ReadAsync(reader) is { } body && await AnswerAsync(stream, body, log))
                {
                }
            }
            catch (IOException)
            {
                // The caller has left, or was killed. What it was told is in the log.
            }
        }
    }

    private static async Task<string?> ReadAsync(StreamReader reader)
    {
        var length = -1;
        for (var line = await reader.ReadLineAsync(); line != ""; line = await reader.ReadLineAsync())
        {
            if (line is null) return null;
            if (line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase)) length = int.Parse(line.AsSpan(15), CultureInfo.InvariantCulture);
        }

        var body = new char[length];
        return await reader.ReadBlockAsync(body) == length ? new string(body) : null;
    }

    /// <summary>Whether the connection is still good.</summary>
    private static async Task<bool> AnswerAsync(NetworkStream stream, string body, TextWriter log)
    {
        var marker = Marker().Match(body).Value;
        log.WriteLine($"recv {marker}");
        var hash = 17u;
        foreach (var c in marker) hash = unchecked((hash * 31) + c);
        hash ^= hash >> 13;
        var (input, output, fate) = (20 + (hash % 50), 1 + (hash / 50 % 40), hash / 2000 % 24);
        if (hash % 3 == 0) await Task.Delay((int)(hash % 40));
        if (fate < 2)
        {
            await WriteAsync(stream, fate == 0 ? "500 Internal Server Error" : "429 Too Many Requests", "application/json", """{"error":{"message":"not now","type":"x"}}""");
            return true;
        }

        log.WriteLine(string.Create(CultureInfo.InvariantCulture, $"bill {marker} {(input * Calls.Input) + (output * Calls.Output)}"));
        if (fate == 2) return false; // Without a word.
        var usage = $$"""{"prompt_tokens":{{input}},"completion_tokens":{{output}},"total_tokens":{{input + output}}}""";
        if (!body.Contains("\"stream\":true", StringComparison.Ordinal))
        {
            await WriteAsync(stream, "200 OK", "application/json", """{"id":"r","object":"chat.completion","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"ok"},"finish_reason":"stop"}],"usage":""" + usage + "}");
            return true;
        }

        var events = new StringBuilder();
        for (var i = 0; i < output; i++) events.Append("""data: {"id":"r","object":"chat.completion.chunk","model":"m","choices":[{"index":0,"delta":{"content":"abcd"}}]}""").Append("\n\n");
        events.Append("""data: {"id":"r","object":"chat.completion.chunk","model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""").Append("\n\n");
        events.Append("""data: {"id":"r","object":"chat.completion.chunk","model":"m","choices":[],"usage":""").Append(usage).Append("}\n\ndata: [DONE]\n\n");
        await WriteAsync(stream, "200 OK", "text/event-stream", events.ToString());
        return true;
    }

    private static Task WriteAsync(NetworkStream stream, string status, string type, string body)
        => stream.WriteAsync(Encoding.UTF8.GetBytes($"HTTP/1.1 {status}\r\nContent-Type: {type}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}")).AsTask();

    [GeneratedRegex("marker-[a-z0-9]+-[0-9]+")]
    private static partial Regex Marker();
}
