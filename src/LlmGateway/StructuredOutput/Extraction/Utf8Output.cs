using System.Buffers;
using System.Text.Unicode;

namespace LlmGateway.StructuredOutput.Extraction;

/// <summary>The mended JSON, as UTF-8. Documents are parsed in place, so what was written and kept never moves or changes.</summary>
internal sealed class Utf8Output(int capacity)
{
    private byte[] _bytes = new byte[capacity];

    public int Length { get; private set; }

    public void Write(byte value)
    {
        if (Length == _bytes.Length) Grow(1);
        _bytes[Length++] = value;
    }

    public void Write(ReadOnlySpan<byte> value)
    {
        if (_bytes.Length - Length < value.Length) Grow(value.Length);
        value.CopyTo(_bytes.AsSpan(Length));
        Length += value.Length;
    }

    /// <summary>False where the text holds half of a surrogate pair, which has no form in UTF-8.</summary>
    public bool Write(ReadOnlySpan<char> text)
    {
        const int MaxBytesPerUnit = 3;
        if (_bytes.Length - Length < text.Length) Grow(text.Length);
        var status = Utf8.FromUtf16(text, _bytes.AsSpan(Length), out _, out var written, replaceInvalidSequences: false);
        if (status == OperationStatus.DestinationTooSmall)
        {
            Grow(text.Length * MaxBytesPerUnit);
            status = Utf8.FromUtf16(text, _bytes.AsSpan(Length), out _, out written, replaceInvalidSequences: false);
        }

        Length += written;
        return status == OperationStatus.Done;
    }

    /// <summary>Takes back what a reading wrote that came to nothing.</summary>
    public void Rewind(int length) => Length = length;

    public ReadOnlyMemory<byte> Slice(int start, int end) => _bytes.AsMemory(start, end - start);

    private void Grow(int needed)
    {
        var bytes = new byte[Math.Max(_bytes.Length * 2, checked(Length + needed))];
        _bytes.AsSpan(0, Length).CopyTo(bytes);
        _bytes = bytes;
    }
}
