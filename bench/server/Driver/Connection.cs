using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace ServerBench.Driver;

/// <summary>One keep-alive connection that sends its requests in turn, again and again, each when the last one has been answered.</summary>
internal sealed class Connection(IPEndPoint endpoint, IReadOnlyList<byte[]> requests, Expected expected) : IDisposable
{
    private readonly AnswerReader _reader = new(expected.Stream);
    private readonly byte[] _buffer = new byte[expected.Stream ? 16384 : 8192];
    private Socket? _socket;
    private int _filled;
    private int _next;

    public Histogram Latency { get; } = new();

    public Histogram FirstByte { get; } = new();

    public long Answers { get; private set; }

    public long Events { get; private set; }

    /// <summary>Asks until <paramref name="until"/> (of <see cref="Stopwatch.GetTimestamp"/>); counts what began and ended after <paramref name="from"/>.</summary>
    public async Task RunAsync(long from, long until)
    {
        while (true)
        {
            var begun = Stopwatch.GetTimestamp();
            if (begun >= until) return;
            var first = await AskAsync();
            var ended = Stopwatch.GetTimestamp();
            if (begun < from || ended > until) continue;
            Latency.Add(Stopwatch.GetElapsedTime(begun, ended).TotalMicroseconds);
            FirstByte.Add(Stopwatch.GetElapsedTime(begun, first).TotalMicroseconds);
            Answers++;
            Events += _reader.Events;
        }
    }

    /// <summary>One request and its whole answer. Returns when its first byte came.</summary>
    public async ValueTask<long> AskAsync()
    {
        var socket = await ConnectAsync();
        await SendAsync(socket);
        _reader.Begin();
        long first = 0;
        do
        {
            var read = await socket.ReceiveAsync(_buffer.AsMemory(_filled));
            if (read == 0) throw new AnswerException("The connection was closed before the answer's end.");
            if (first == 0) first = Stopwatch.GetTimestamp();
            _filled += read;
            Take();
            if (_filled == _buffer.Length) throw new AnswerException("A head that does not fit.");
        }
        while (!_reader.Done);
        if (_filled > 0) throw new AnswerException("More bytes than one answer has.");
        expected.Check(_reader);
        if (_reader.Closes) Dispose();
        return first;
    }

    /// <summary>Sends the request and waits until <paramref name="events"/> events have come; the stream is left open.</summary>
    public async Task HoldAsync(int events)
    {
        var socket = await ConnectAsync();
        await SendAsync(socket);
        _reader.Begin();
        while (_reader.Events < events)
        {
            var read = await socket.ReceiveAsync(_buffer.AsMemory(_filled));
            if (read == 0) throw new AnswerException("A held stream was closed.");
            _filled += read;
            Take();
        }
    }

    public void Dispose()
    {
        _socket?.Dispose();
        _socket = null;
    }

    private async ValueTask SendAsync(Socket socket)
    {
        var request = requests[_next++ % requests.Count];
        for (var sent = 0; sent < request.Length;) sent += await socket.SendAsync(request.AsMemory(sent));
    }

    private void Take()
    {
        var used = _reader.Take(_buffer.AsSpan(0, _filled));
        _buffer.AsSpan(used, _filled - used).CopyTo(_buffer);
        _filled -= used;
    }

    private async ValueTask<Socket> ConnectAsync()
    {
        if (_socket is not null) return _socket;
        _filled = 0;
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(endpoint);
        return _socket = socket;
    }
}

/// <summary>What each answer of a system must be like; learnt from its first, which was read with care.</summary>
internal sealed class Expected(bool stream, int events, long length)
{
    public bool Stream { get; } = stream;

    /// <summary>A whole body may differ by the length of an id; a stream has each of its events.</summary>
    public void Check(AnswerReader reader)
    {
        if (Stream && reader.Events != events) throw new AnswerException($"A stream of {reader.Events} events instead of {events}.");
        if (!Stream && Math.Abs(reader.BodyLength - length) > 64) throw new AnswerException($"A body of {reader.BodyLength} bytes instead of {length}.");
    }
}
