using System.Text;

namespace LlmGateway.Providers.Cli;

/// <summary>
/// What a program writes to one of its streams, up to a bound. It is readable at any time, because a program's own
/// children may hold the stream open after the program has ended.
/// </summary>
internal sealed class CliCapture(int maxBytes, bool keepsEnd)
{
    private readonly Lock _lock = new();
    private byte[] _bytes = [];
    private int _length;
    private bool _isFull;

    /// <summary>Whether more came than the bound allows.</summary>
    public bool IsFull
    {
        get
        {
            lock (_lock) return _isFull;
        }
    }

    /// <summary>Reads until the stream's end, or until more came than the bound allows and <paramref name="onFull"/> was called.</summary>
    public async Task ReadAsync(Stream stream, Action onFull, CancellationToken cancellationToken)
    {
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var read = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (read == 0) return;
            if (Add(buffer.AsSpan(0, read))) continue;
            onFull();
            return;
        }
    }

    /// <summary>The text so far. Bytes that are no UTF-8 become U+FFFD.</summary>
    public string Text()
    {
        lock (_lock)
        {
            var kept = keepsEnd ? Math.Min(_length, maxBytes) : _length;
            return Encoding.UTF8.GetString(_bytes, _length - kept, kept);
        }
    }

    /// <summary>False where the bound is passed; never where only the end is kept.</summary>
    private bool Add(ReadOnlySpan<byte> more)
    {
        lock (_lock)
        {
            if (!keepsEnd && _length + more.Length > maxBytes)
            {
                _isFull = true;
                return false;
            }

            // At twice the bound, so that the end is moved to the front once in a while and not with every read.
            if (keepsEnd && _length + more.Length > 2 * maxBytes && _length > maxBytes)
            {
                Array.Copy(_bytes, _length - maxBytes, _bytes, 0, maxBytes);
                _length = maxBytes;
            }

            if (_length + more.Length > _bytes.Length) Array.Resize(ref _bytes, Math.Max(_length + more.Length, _bytes.Length * 2));
            more.CopyTo(_bytes.AsSpan(_length));
            _length += more.Length;
            return true;
        }
    }
}
