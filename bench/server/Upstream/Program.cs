using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ServerBench.Upstream;

// A vendor that answers at once, over both protocols: POST …/chat/completions and …/messages, whole or streamed.
// Arguments: --events N (200), --group N events in one write (1). A model named "bench-hold" sends ten events, then one each
// ten seconds until its caller goes: open streams to count memory by.
var answers = new Answers(Option("--events", 200), Option("--group", 1));
using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
listener.Bind(new IPEndPoint(IPAddress.Loopback, Option("--port", 0)));
listener.Listen(16384);
Console.WriteLine($"listening on http://127.0.0.1:{((IPEndPoint)listener.LocalEndPoint!).Port.ToString(CultureInfo.InvariantCulture)}");
while (true)
{
    var socket = await listener.AcceptAsync();
    socket.NoDelay = true;
    _ = ServeAsync(socket);
}

async Task ServeAsync(Socket socket)
{
    // Small at first: thousands of connections may be held open.
    var buffer = new byte[4096];
    var filled = 0;
    using (socket)
    {
        try
        {
            while (true)
            {
                Request request;
                while (!Requests.TryRead(buffer.AsSpan(0, filled), out request))
                {
                    if (filled == buffer.Length) Array.Resize(ref buffer, buffer.Length * 4);
                    var read = await socket.ReceiveAsync(buffer.AsMemory(filled));
                    if (read == 0) return;
                    filled += read;
                }

                buffer.AsSpan(request.Length, filled - request.Length).CopyTo(buffer);
                filled -= request.Length;
                await AnswerAsync(socket, request);
            }
        }
        catch (SocketException)
        {
            // The caller went; that is theirs to do.
        }
    }
}

async ValueTask AnswerAsync(Socket socket, Request request)
{
    if (!request.Chat && !request.Messages)
    {
        await SendAsync(socket, answers.NotFound);
        return;
    }

    if (!request.Stream)
    {
        await SendAsync(socket, request.Chat ? answers.Chat : answers.Messages);
        return;
    }

    var writes = request.Chat ? answers.ChatStream : answers.MessagesStream;
    await SendAsync(socket, Answers.StreamHead);
    for (var i = 0; i < writes.Length - 1; i++)
    {
        if (request.Hold && i >= 10) await Task.Delay(TimeSpan.FromSeconds(10));
        await SendAsync(socket, writes[i]);
    }

    await SendAsync(socket, writes[^1]);
    await SendAsync(socket, Answers.StreamEnd);
}

static async ValueTask SendAsync(Socket socket, ReadOnlyMemory<byte> bytes)
{
    while (!bytes.IsEmpty) bytes = bytes[await socket.SendAsync(bytes)..];
}

int Option(string name, int otherwise) =>
    Array.IndexOf(args, name) is var at and >= 0 ? int.Parse(args[at + 1], CultureInfo.InvariantCulture) : otherwise;
