using System.Text;

namespace LlmGateway.Tests.Relay;

/// <summary>A stream whose pieces come one by one, with a pause of the test's clock before each.</summary>
internal sealed class TimedStream(string[] pieces, TimeProvider time, TimeSpan pause) : MemoryStream
{
    private int _piece;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_piece == pieces.Length) return 0;
        await Task.Delay(pause, time, cancellationToken);
        var bytes = Encoding.UTF8.GetBytes(pieces[_piece++]);
        bytes.CopyTo(buffer);
        return bytes.Length;
    }
}
