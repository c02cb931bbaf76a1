using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace LlmGateway.Dialects;

/// <summary>
/// What stands around the text of a stream's events, which is the same from one to the next but for the text. An event of the
/// known frame is read by comparing bytes: it has just the tokens of the event that the frame was learnt from.
/// </summary>
/// <remarks>
/// That holds because the text between has no quote, no backslash and no control character, and is valid UTF-8: so it is one
/// JSON string, whose quotes belong to the frame. Any other event is left to the reader that knows JSON.
/// </remarks>
internal sealed class TextFrame
{
    /// <summary>A vendor that puts something else into each event has no frame.</summary>
    private const int MostLearnt = 8;

    private const int MostBytes = 2048;

    private static readonly SearchValues<byte> NotPlain = SearchValues.Create([(byte)'"', (byte)'\\', .. Enumerable.Range(0, 0x20).Select(static c => (byte)c)]);

    private byte[] _before = [];
    private byte[] _after = [];
    private int _learnt;

    /// <summary>The text of an event that is of the frame; never empty then.</summary>
    public bool TryRead(ReadOnlySpan<byte> data, out string text)
    {
        text = "";
        if (_before.Length == 0 || data.Length <= _before.Length + _after.Length || !data.StartsWith(_before) || !data.EndsWith(_after)) return false;
        var between = data[_before.Length..^_after.Length];
        if (between.ContainsAny(NotPlain) || !Utf8.IsValid(between)) return false;
        text = Encoding.UTF8.GetString(between);
        return true;
    }

    /// <summary>Takes the frame of an event that was read.</summary>
    /// <param name="data">The event.</param>
    /// <param name="text">Where its text stands, without its quotes.</param>
    /// <returns>Whether it is the known frame now.</returns>
    public bool Learn(ReadOnlySpan<byte> data, Range text)
    {
        var (start, length) = text.GetOffsetAndLength(data.Length);
        if (_learnt == MostLearnt || data.Length - length > MostBytes) return false;
        _learnt++;
        (_before, _after) = (data[..start].ToArray(), data[(start + length)..].ToArray());
        return true;
    }
}
