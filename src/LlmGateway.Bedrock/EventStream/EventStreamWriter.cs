using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace LlmGateway.Bedrock.EventStream;

/// <summary>Writes frames of an AWS event stream, with headers as Bedrock has them.</summary>
internal static class EventStreamWriter
{
    /// <summary>An event with a JSON payload.</summary>
    public static void WriteEvent(IBufferWriter<byte> output, string eventType, ReadOnlySpan<byte> payload)
        => Write(output, [(":event-type", eventType), (":content-type", "application/json"), (":message-type", "event")], payload);

    /// <summary>An exception that the service models, with a JSON payload.</summary>
    public static void WriteException(IBufferWriter<byte> output, string exceptionType, ReadOnlySpan<byte> payload)
        => Write(output, [(":exception-type", exceptionType), (":content-type", "application/json"), (":message-type", "exception")], payload);

    /// <summary>Any frame whose headers are texts.</summary>
    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<(string Name, string Value)> headers, ReadOnlySpan<byte> payload)
    {
        var headersLength = 0;
        foreach (var (name, value) in headers) headersLength += 4 + Encoding.UTF8.GetByteCount(name) + Encoding.UTF8.GetByteCount(value);
        var total = EventStreamFrame.MinLength + headersLength + payload.Length;
        var frame = output.GetSpan(total)[..total];
        BinaryPrimitives.WriteInt32BigEndian(frame, total);
        BinaryPrimitives.WriteInt32BigEndian(frame[4..], headersLength);
        BinaryPrimitives.WriteUInt32BigEndian(frame[8..], Crc32.Of(frame[..8]));
        var at = EventStreamFrame.PreludeLength;
        foreach (var (name, value) in headers)
        {
            var length = Encoding.UTF8.GetBytes(name, frame[(at + 1)..]);
            frame[at] = checked((byte)length);
            at += 1 + length;
            frame[at++] = 7; // A string.
            length = Encoding.UTF8.GetBytes(value, frame[(at + 2)..]);
            BinaryPrimitives.WriteUInt16BigEndian(frame[at..], checked((ushort)length));
            at += 2 + length;
        }

        payload.CopyTo(frame[at..]);
        BinaryPrimitives.WriteUInt32BigEndian(frame[^4..], Crc32.Of(frame[..^4]));
        output.Advance(total);
    }
}
