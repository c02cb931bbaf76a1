using System.Buffers.Binary;

namespace LlmGateway.Bedrock.EventStream;

/// <summary>
/// The layout of one frame: total length, length of the headers and the checksum of both (the prelude), headers, payload,
/// and the checksum of everything before it; all numbers big-endian.
/// Source: https://smithy.io/2.0/aws/amazon-eventstream.html.
/// </summary>
internal static class EventStreamFrame
{
    /// <summary>The prelude: two lengths and their checksum.</summary>
    public const int PreludeLength = 12;

    /// <summary>The prelude and the checksum at the end.</summary>
    public const int MinLength = PreludeLength + 4;

    /// <summary>The headers may have 128 KiB.</summary>
    public const int MaxHeadersLength = 128 * 1024;

    /// <summary>Reads the prelude.</summary>
    /// <exception cref="InvalidDataException">The bytes are no prelude: nothing after them can be found any more.</exception>
    public static (int Total, int Headers) ReadPrelude(ReadOnlySpan<byte> frame, int maxLength)
    {
        var total = BinaryPrimitives.ReadUInt32BigEndian(frame);
        var headers = BinaryPrimitives.ReadUInt32BigEndian(frame[4..]);
        if (BinaryPrimitives.ReadUInt32BigEndian(frame[8..]) != Crc32.Of(frame[..8])) throw new InvalidDataException("The stream is not an event stream of AWS, or is damaged: a frame's first checksum is wrong.");
        if (total > (uint)maxLength) throw new InvalidDataException($"An event of the stream is larger than {maxLength} bytes.");
        if (total < MinLength || headers > total - MinLength || headers > MaxHeadersLength) throw new InvalidDataException("The stream is not an event stream of AWS: a frame's lengths do not fit each other.");
        return ((int)total, (int)headers);
    }

    /// <summary>Whether the checksum at the end is right.</summary>
    public static bool IsIntact(ReadOnlySpan<byte> frame) => BinaryPrimitives.ReadUInt32BigEndian(frame[^4..]) == Crc32.Of(frame[..^4]);

    /// <summary>Takes the next header off the bytes.</summary>
    /// <returns>False where there is none, or where the rest is no header.</returns>
    public static bool TryReadHeader(scoped ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> text)
    {
        name = text = default;
        if (rest.IsEmpty) return false;
        int nameLength = rest[0];
        if (rest.Length < nameLength + 2) return false;
        var type = rest[1 + nameLength];
        var value = rest[(nameLength + 2)..];
        var lead = type is 6 or 7 ? 2 : 0; // Bytes and strings say their length; the other types have a fixed one.
        if (value.Length < lead) return false;
        var length = type switch
        {
            0 or 1 => 0,
            2 => 1,
            3 => 2,
            4 => 4,
            5 or 8 => 8,
            6 or 7 => BinaryPrimitives.ReadUInt16BigEndian(value),
            9 => 16,
            _ => -1,
        };
        if (length < 0 || value.Length < lead + length) return false;
        name = rest.Slice(1, nameLength);
        if (type == 7) text = value.Slice(lead, length);
        rest = value[(lead + length)..];
        return true;
    }
}
