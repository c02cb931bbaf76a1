using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace LlmGateway.Testing.Misbehaving;

/// <summary>One caller's connection: reads requests, writes bytes as they are, and sees when the caller leaves.</summary>
internal sealed class Connection(Socket socket, CancellationToken stop) : IDisposable
{
    private const int MaxHeadBytes = 256 * 1024;
    private const int MaxBodyBytes = 256 * 1024 * 1024;

    private byte[] _bytes = new byte[16 * 1024];
    private int _start;
    private int _end;
    private Task<int>? _ahead;

    /// <summary>The next request.</summary>
    /// <returns>Null where the caller has left.</returns>
    /// <exception cref="InvalidDataException">What came is no HTTP.</exception>
    public async Task<RawRequest?> ReadRequestAsync()
    {
        if (await ReadHeadAsync().ConfigureAwait(false) is not { } head) return null;
        var lines = head.Split("\r\n");
        if (lines[0].Split(' ') is not [_, var path, _]) throw new InvalidDataException("The first line is no request.");
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in lines.AsSpan(1))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0) headers[line[..colon]] = line[(colon + 1)..].Trim();
        }

        if (headers.ContainsKey("expect")) await WriteAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray(), stop).ConfigureAwait(false);
        var body = headers.GetValueOrDefault("transfer-encoding") is { } coding && coding.EndsWith("chunked", StringComparison.OrdinalIgnoreCase)
            ? await ReadChunksAsync().ConfigureAwait(false)
            : await ReadBodyAsync(headers.GetValueOrDefault("content-length")).ConfigureAwait(false);
        return body is null ? null : new RawRequest(path, headers, body);
    }

    /// <summary>A token that is cancelled when the caller leaves, or the server stops, from now to the disposal of the source.</summary>
    /// <remarks>A caller that waits for its answer sends nothing; what comes all the same is its next request.</remarks>
    public CancellationTokenSource WatchCaller()
    {
        var gone = CancellationTokenSource.CreateLinkedTokenSource(stop);
        if (_start < _end) return gone;
        _ahead ??= ReceiveAsync();
        _ = WatchAsync(_ahead, gone);
        return gone;
    }

    public async Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (!bytes.IsEmpty) bytes = bytes[await socket.SendAsync(bytes, cancellationToken).ConfigureAwait(false)..];
    }

    /// <summary>Closes the connection as a crash does.</summary>
    public void Reset() => socket.Close(0);

    /// <summary>What was written arrives before the end; without the first step the read that is under way would make a reset of it.</summary>
    public void Dispose()
    {
        try
        {
            socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It has ended before.
        }

        socket.Dispose();
    }

    private static async Task WatchAsync(Task<int> ahead, CancellationTokenSource gone)
    {
        try
        {
            if (await ahead.ConfigureAwait(false) > 0) return;
            await gone.CancelAsync().ConfigureAwait(false);
        }
        catch (ObjectDisposedException)
        {
            // The answer was over before.
        }
    }

    private async Task<string?> ReadHeadAsync()
    {
        for (var scanned = 0; ;)
        {
            var found = _bytes.AsSpan(_start + scanned, _end - _start - scanned).IndexOf("\r\n\r\n"u8);
            if (found >= 0)
            {
                var head = Encoding.Latin1.GetString(_bytes, _start, scanned + found);
                _start += scanned + found + 4;
                return head;
            }

            scanned = Math.Max(0, _end - _start - 3);
            if (_end - _start > MaxHeadBytes) throw new InvalidDataException("The head of the request is too large.");
            if (!await FillAsync().ConfigureAwait(false)) return null;
        }
    }

    private async Task<byte[]?> ReadBodyAsync(string? contentLength)
    {
        if (contentLength is null) return [];
        if (!int.TryParse(contentLength, NumberStyles.None, CultureInfo.InvariantCulture, out var length) || length > MaxBodyBytes) throw new InvalidDataException("The Content-Length can't be read, or is too large.");
        return await TakeAsync(length).ConfigureAwait(false);
    }

    private async Task<byte[]?> ReadChunksAsync()
    {
        var body = new MemoryStream();
        while (true)
        {
            if (await ReadLineAsync().ConfigureAwait(false) is not { } line) return null;
            if (!int.TryParse(line.Split(';')[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var length) || length < 0 || length > MaxBodyBytes - body.Length) throw new InvalidDataException("A chunk's length can't be read, or is too large.");
            if (length == 0) break;
            if (await TakeAsync(length).ConfigureAwait(false) is not { } chunk || await ReadLineAsync().ConfigureAwait(false) is null) return null;
            body.Write(chunk);
        }

        while (await ReadLineAsync().ConfigureAwait(false) is { } trailer)
        {
            if (trailer.Length == 0) return body.ToArray();
        }

        return null;
    }

    private async Task<string?> ReadLineAsync()
    {
        while (true)
        {
            var found = _bytes.AsSpan(_start, _end - _start).IndexOf("\r\n"u8);
            if (found >= 0)
            {
                var line = Encoding.Latin1.GetString(_bytes, _start, found);
                _start += found + 2;
                return line;
            }

            if (_end - _start > MaxHeadBytes) throw new InvalidDataException("A line of the request is too long.");
            if (!await FillAsync().ConfigureAwait(false)) return null;
        }
    }

    private async Task<byte[]?> TakeAsync(int length)
    {
        while (_end - _start < length)
        {
            if (!await FillAsync().ConfigureAwait(false)) return null;
        }

        var taken = _bytes.AsSpan(_start, length).ToArray();
        _start += length;
        return taken;
    }

    private async Task<bool> FillAsync()
    {
        var read = await (_ahead ?? ReceiveAsync()).ConfigureAwait(false);
        _ahead = null;
        _end += read;
        return read > 0;
    }

    /// <returns>0 where the caller has left.</returns>
    private async Task<int> ReceiveAsync()
    {
        if (_start == _end) _start = _end = 0;
        if (_end == _bytes.Length) Array.Resize(ref _bytes, _bytes.Length * 2);
        try
        {
            return await socket.ReceiveAsync(_bytes.AsMemory(_end), stop).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            return 0;
        }
    }
}
