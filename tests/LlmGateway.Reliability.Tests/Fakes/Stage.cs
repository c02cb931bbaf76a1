using System.Net;
using System.Net.Sockets;

namespace LlmGateway.Reliability.Tests.Fakes;

/// <summary>A misbehaving vendor and a client of it, on real sockets and one clock, which jumps when nothing else goes on.</summary>
internal sealed class Stage : IAsyncDisposable
{
    private const int LookMilliseconds = 4;
    private const int LateMilliseconds = 20;

    private readonly HttpClient _http;
    private long _activity;

    public Stage()
    {
        Server = new MisbehavingServer(new MisbehavingServerOptions { TimeProvider = Clock, OnRequest = _ => Interlocked.Increment(ref _activity) });
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.All,
            UseCookies = false,
            ResponseDrainTimeout = TimeSpan.Zero, // By the real clock.
            ConnectCallback = ConnectAsync,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>
    /// Runs a test on a stage of its own. On a machine that is short of turns the clock may jump while something goes on after
    /// all: so a test that fails is run again, at most twice. What is wrong is wrong each time.
    /// </summary>
    public static async Task SteadyAsync(Func<Stage, Task> test)
    {
        for (var left = 2; ; left--)
        {
            await using var stage = new Stage();
            try
            {
                await test(stage);
                return;
            }
            catch (Exception) when (left > 0 && !TestContext.Current.CancellationToken.IsCancellationRequested)
            {
                await Task.Delay(500, TestContext.Current.CancellationToken);
            }
        }
    }

    public static IReadOnlyList<string> Dialects { get; } = ["anthropic", "bedrock", "gemini", "openai", "openai_responses"];

    /// <summary>How long, by the real clock in milliseconds, nothing must happen before the other one jumps. Longer where much is computed.</summary>
    public int QuietMilliseconds { get; set; } = 20;

    public JumpingClock Clock { get; } = new();

    public MisbehavingServer Server { get; }

    /// <summary>The times of the requests since the start, in seconds.</summary>
    public IEnumerable<double> Times => Server.Requests.Select(seen => (seen.Time - JumpingClock.Start).TotalSeconds);

    /// <summary>The models that were asked, in order.</summary>
    public IEnumerable<string?> Models => Server.Requests.Select(seen => seen.Model);

    public GatewayConfig Config(string dialect, string model) => new() { Provider = dialect, Model = model, BaseUrl = Server.Url, MaxRetries = 2, TimeoutSeconds = 120 };

    /// <summary>The same with a second target, at another vendor, whose model answers.</summary>
    public GatewayConfig Config(string dialect, string model, string fallback)
        => Config(dialect, model) with { MaxRetries = 3, Fallbacks = [new RouteTarget { Vendor = OtherThan(dialect), Model = fallback, BaseUrl = Server.Url }] };

    /// <summary>Another vendor than this one, so that each has its turn.</summary>
    public static string OtherThan(string dialect) => Dialects[(Dialects.ToList().IndexOf(dialect) + 1) % Dialects.Count];

    /// <summary>A client by whose chance every wait is the longest that it may be.</summary>
    public LlmClient Client(GatewayConfig config)
        => new(config, new LlmClientOptions { Services = new ProviderServices { HttpClient = _http, TimeProvider = Clock, Randomizer = () => 1 } });

    public async Task<Told> AskAsync(GatewayConfig config, bool stream, string prompt = "Tell me.")
    {
        await using var client = Client(config);
        return await AskAsync(client, stream, prompt);
    }

    public async Task<Told> AskAsync(LlmClient client, bool stream, string prompt = "Tell me.")
    {
        var told = await RunAsync(stream ? StreamAsync(client, prompt) : CompleteAsync(client, prompt));
        await SettleAsync(() => Server.Requests.All(seen => seen.Outcome != SeenOutcome.UnderWay));
        return told;
    }

    /// <summary>Lets time pass whenever nothing else does, until the task is over.</summary>
    public async Task<T> RunAsync<T>(Task<T> task)
    {
        while (!task.IsCompleted)
        {
            await BeQuietAsync(task);
            if (!task.IsCompleted) Assert.True(Clock.Jump(), "The call waits for something that no clock ends.");
        }

        return await task;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Server.DisposeAsync();
    }

    private static async Task<Told> CompleteAsync(LlmClient client, string prompt)
    {
        try
        {
            var response = await client.CompleteAsync([LlmMessage.User(prompt)], cancellationToken: TestContext.Current.CancellationToken);
            return new Told(response.Content.Text, response.Content, null, response.Metadata);
        }
        catch (GatewayException e)
        {
            return new Told("", null, e, e.Record);
        }
    }

    private static async Task<Told> StreamAsync(LlmClient client, string prompt)
    {
        var text = "";
        try
        {
            LlmResponse<LlmReply>? response = null;
            await foreach (var delta in client.StreamAsync(prompt, cancellationToken: TestContext.Current.CancellationToken))
            {
                if (delta is TextDelta piece) text += piece.Text;
                if (delta is ResponseDelta last) response = last.Response;
            }

            return new Told(text, response!.Content, null, response.Metadata);
        }
        catch (GatewayException e)
        {
            return new Told(text, null, e, e.Record);
        }
    }

    private static async Task SettleAsync(Func<bool> condition)
    {
        for (var i = 0; !condition(); i++)
        {
            Assert.True(i < 5000, "The server did not see the end of it.");
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>
    /// Nothing goes on where nothing was sent, set or begun for a while, and next to nothing computed. On a machine that is busy with others a thread of ours
    /// may have something to do and get no turn: then neither does this one, and what it saw does not count.
    /// </summary>
    private async Task BeQuietAsync(Task task)
    {
        var (seen, quiet) = (-1L, 0);
        while (quiet < QuietMilliseconds && !task.IsCompleted)
        {
            var now = Interlocked.Read(ref _activity) + Clock.Changes + Server.Requests.Count;
            var (started, used) = (Environment.TickCount64, Environment.CpuUsage.TotalTime);
            await Task.WhenAny(task, Task.Delay(LookMilliseconds, TestContext.Current.CancellationToken));
            var isTimely = Environment.TickCount64 - started <= LateMilliseconds;
            var isIdle = (Environment.CpuUsage.TotalTime - used).TotalMilliseconds <= LookMilliseconds / 2d;
            quiet = now == seen && ThreadPool.PendingWorkItemCount == 0 && isTimely && isIdle ? quiet + LookMilliseconds : 0;
            seen = now;
        }
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            Interlocked.Increment(ref _activity);
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            return new WatchedStream(socket, () => Interlocked.Increment(ref _activity));
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
