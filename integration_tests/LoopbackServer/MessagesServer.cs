using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using LoopbackServer.Answers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LoopbackServer;

/// <summary>
/// Speaks the Messages API on 127.0.0.1, streaming or not, and answers by reading the question. It keeps every request,
/// so that tests can say what a client really sent. It knows nothing of the gateway.
/// </summary>
public sealed class MessagesServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<LoopbackRequest> _seen = new();
    private readonly FaultPlan _faults = new();
    private int _aborted;

    private MessagesServer(WebApplication app) => _app = app;

    /// <summary>Where it listens, without a path.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>Every request so far, oldest first.</summary>
    public IReadOnlyList<LoopbackRequest> Seen => [.. _seen];

    /// <summary>How many clients have gone away while they were kept waiting.</summary>
    public int Aborted => Volatile.Read(ref _aborted);

    public static async Task<MessagesServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, port: 0);
            kestrel.Limits.MaxRequestBodySize = null;
        });
        var server = new MessagesServer(builder.Build());
        server._app.Run(server.HandleAsync);
        await server._app.StartAsync();
        server.Address = new Uri(server._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        return server;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task HandleAsync(HttpContext http)
    {
        var request = http.Request;
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, http.RequestAborted);
        var seen = new LoopbackRequest(request.Method, request.Path, request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase), body.ToArray());
        _seen.Enqueue(seen);
        http.Response.Headers["request-id"] = $"req_loopback_{_seen.Count}";
        if (request.Method != "POST" || request.Path != "/v1/messages")
        {
            await ErrorReply.WriteAsync(http, 404);
            return;
        }

        var question = seen.Question;
        if (_faults.Take(question) is { } status)
        {
            await ErrorReply.WriteAsync(http, status);
            return;
        }

        if (FaultPlan.WaitOf(question) is { } wait && !await WaitAsync(wait, http.RequestAborted)) return;
        await ReplyAsync(http, seen, question);
    }

    private static async Task ReplyAsync(HttpContext http, LoopbackRequest seen, string question)
    {
        var finding = Reader.Read(question);
        var reply = MessageReply.For(seen, finding);
        if (seen.Body.TryGetProperty("stream", out var stream) && stream.ValueKind == JsonValueKind.True)
        {
            await EventStream.WriteAsync(http, reply);
            return;
        }

        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(reply.ToJson().ToJsonString(), http.RequestAborted);
    }

    /// <summary>False where the client went away first.</summary>
    private async Task<bool> WaitAsync(TimeSpan wait, CancellationToken aborted)
    {
        try
        {
            await Task.Delay(wait, aborted);
            return true;
        }
        catch (OperationCanceledException)
        {
            Interlocked.Increment(ref _aborted);
            return false;
        }
    }
}
