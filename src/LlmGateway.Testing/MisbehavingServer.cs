using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using LlmGateway.Dialects;
using LlmGateway.Testing.Misbehaving;

namespace LlmGateway;

/// <summary>
/// A vendor on a socket of 127.0.0.1 that goes wrong on demand, in every dialect: the model's name says how, the part
/// behind its last slash (<see cref="Faults"/>). It is deterministic, and keeps a log of what it saw.
/// </summary>
/// <remarks>
/// <para>The dialect is chosen by the path: chat completions and Responses of OpenAI, Anthropic's messages, Gemini's
/// generateContent, and Bedrock's converse once <c>AddBedrock</c> has been called on any registry. Any key is taken.</para>
/// <para>Behind a fault's name may stand <c>-Ns</c> or <c>-Nms</c> (its time), <c>-after-N</c> (its place: characters of
/// a stream, bytes of a body), as its form says, and behind every one <c>-once</c>, <c>-Nx</c> (it meets so many requests
/// of this model's name) or <c>-for-Ns</c> (so long after the first); requests that it does not meet are answered as by
/// <c>ok</c>. So <c>rate-limited-2s-once</c>, <c>cut-after-12</c>, <c>fails-3x</c>.</para>
/// <para>Safe for concurrent use.</para>
/// </remarks>
public sealed class MisbehavingServer : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Task, bool> _connections = new();
    private readonly TimeProvider _time;
    private readonly RequestLog _log;
    private readonly Task _accepting;

    /// <summary>Starts a server.</summary>
    /// <param name="options">What differs from the defaults; null for nothing.</param>
    /// <exception cref="ArgumentOutOfRangeException">The port is not 0 to 65535.</exception>
    /// <exception cref="SocketException">The port is taken.</exception>
    public MisbehavingServer(MisbehavingServerOptions? options = null)
    {
        options ??= new MisbehavingServerOptions();
        _time = options.TimeProvider;
        _log = new RequestLog(options.OnRequest);
        _listener = new TcpListener(IPAddress.Loopback, options.Port);
        _listener.Start();
        Url = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}"));
        _accepting = AcceptAsync();
    }

    /// <summary>Every fault there is. Never null.</summary>
    public static IReadOnlyList<MisbehavingFault> Faults { get; } = [.. FaultTable.All.Select(fault => new MisbehavingFault(fault.Name, fault.Form, fault.Description))];

    /// <summary>Its address, for <c>LLM_BASE_URL</c> with every vendor.</summary>
    public Uri Url { get; }

    /// <summary>Every request so far, oldest first, those under way included; a copy. Never null.</summary>
    public IReadOnlyList<SeenRequest> Requests => _log.All;

    /// <summary>Closes every connection, and ends when nothing is left of any.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested) return;
        await _stop.CancelAsync().ConfigureAwait(false);
        _listener.Stop();
        await _accepting.ConfigureAwait(false);
        await Task.WhenAll(_connections.Keys).ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            Socket socket;
            try
            {
                socket = await _listener.AcceptSocketAsync(_stop.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                continue; // The caller was gone again before it was taken.
            }

            var serving = Task.Run(() => ServeAsync(socket));
            _connections[serving] = true;

            // One that failed by a mistake of ours stays, for the disposal to throw.
            _ = serving.ContinueWith(done => _connections.TryRemove(done, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously | TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        socket.NoDelay = true;
        using var connection = new Connection(socket, _stop.Token);
        try
        {
            while (await connection.ReadRequestAsync().ConfigureAwait(false) is { } request && await AnswerAsync(connection, request).ConfigureAwait(false))
            {
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException or InvalidDataException)
        {
            // The caller has left or does not speak HTTP, or the server has been disposed.
        }
    }

    /// <returns>Whether the connection can take another request.</returns>
    private async Task<bool> AnswerAsync(Connection connection, RawRequest raw)
    {
        var seen = new SeenRequest { Time = _time.GetUtcNow(), Path = raw.Path, Bytes = raw.Body.Length, KeyHash = raw.KeyHash };
        using var life = connection.WatchCaller();
        if (Asked.DialectOf(raw.Path) is not { } name || Dialect.Find(name) is not { } dialect)
        {
            var problem = Asked.DialectOf(raw.Path) is null ? $"No vendor has the path {raw.Path}." : "Bedrock is not known here: call AddBedrock on a ProviderRegistry first.";
            return await RefuseAsync(connection, seen, problem, life.Token).ConfigureAwait(false);
        }

        LlmRequest request;
        try
        {
            request = dialect.DecodeRequest(raw.Body, Asked.AddressOf(name, raw.Path));
        }
        catch (DialectException e)
        {
            return await RefuseAsync(connection, seen with { Dialect = name }, e.Message, life.Token).ConfigureAwait(false);
        }

        var (place, number, sinceFirst) = _log.Add(seen with { Dialect = name, Model = request.Model, IsStreamed = request.Stream, Prefill = Asked.PrefillOf(request) });
        var (fault, unknown) = FaultName.Parse(request.Model);
        var isMet = fault?.Meets(number, sinceFirst) == true;
        var exchange = new Exchange(connection, _time, dialect, request, isMet ? fault! : FaultName.None, place + 1, Url.OriginalString, life.Token);
        try
        {
            await (unknown is not null ? exchange.ErrorAsync(new VendorError(ProviderErrorKind.NotFound, null, unknown, null)) : exchange.Fault.Fault.Answer(exchange)).ConfigureAwait(false);
            return exchange.CanGoOn;
        }
        catch (Exception e) when (e is DialectException or ProviderException)
        {
            await exchange.ErrorAsync(new VendorError(ProviderErrorKind.InvalidRequest, null, e.Message, null)).ConfigureAwait(false);
            return exchange.CanGoOn;
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            if (exchange.Outcome == SeenOutcome.Broken) exchange.Outcome = _stop.IsCancellationRequested ? SeenOutcome.Stopped : SeenOutcome.CallerLeft;
            return false;
        }
        finally
        {
            _log.End(place, begun => begun with
            {
                Outcome = exchange.Outcome,
                Status = exchange.Status,
                BytesSent = exchange.BytesSent,
                BilledInputTokens = exchange.Billed.Input,
                BilledOutputTokens = exchange.Billed.Output,
            });
        }
    }

    /// <summary>Answers what is no request of any vendor's.</summary>
    private async Task<bool> RefuseAsync(Connection connection, SeenRequest seen, string problem, CancellationToken life)
    {
        var (place, _, _) = _log.Add(seen);
        var status = seen.Dialect is null ? 404 : 400;
        var body = System.Text.Encoding.UTF8.GetBytes($"{problem}\n");
        try
        {
            await connection.WriteAsync(System.Text.Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {status} Error\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {body.Length}\r\n\r\n")), life).ConfigureAwait(false);
            await connection.WriteAsync(body, life).ConfigureAwait(false);
            return true;
        }
        finally
        {
            _log.End(place, begun => begun with { Outcome = SeenOutcome.Failed, Status = status, BytesSent = body.Length });
        }
    }
}
