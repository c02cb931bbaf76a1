using System.Buffers.Binary;
using System.Text;

namespace LlmGateway.Exporting.Tests.Otlp;

/// <summary>
/// The fields of one protobuf message (https://protobuf.dev/programming-guides/encoding/), by hand: a receiver made of the
/// exporter's own generated code would share its mistakes.
/// </summary>
internal sealed class ProtoMessage
{
    private readonly List<(int Number, ulong Bits, ReadOnlyMemory<byte> Bytes)> _fields = [];

    public ProtoMessage(ReadOnlyMemory<byte> bytes)
    {
        var at = 0;
        while (at < bytes.Length)
        {
            var key = Varint(bytes.Span, ref at);
            var number = (int)(key >> 3);
            switch (key & 7)
            {
                case 0:
                    _fields.Add((number, Varint(bytes.Span, ref at), default));
                    break;
                case 1:
                    _fields.Add((number, BinaryPrimitives.ReadUInt64LittleEndian(bytes.Span[at..]), default));
                    at += 8;
                    break;
                case 2:
                    var length = (int)Varint(bytes.Span, ref at);
                    _fields.Add((number, 0, bytes.Slice(at, length)));
                    at += length;
                    break;
                case 5:
                    _fields.Add((number, BinaryPrimitives.ReadUInt32LittleEndian(bytes.Span[at..]), default));
                    at += 4;
                    break;
                default:
                    throw new FormatException($"Wire type {key & 7} of field {number}.");
            }
        }
    }

    public bool Has(int number) => _fields.Exists(f => f.Number == number);

    public long Int(int number) => (long)Bits(number);

    public double Double(int number) => BitConverter.UInt64BitsToDouble(Bits(number));

    public string Text(int number) => Encoding.UTF8.GetString(Bytes(number).Span);

    public string Hex(int number) => Convert.ToHexStringLower(Bytes(number).Span);

    public ProtoMessage Message(int number) => new(Bytes(number));

    public IEnumerable<ProtoMessage> Messages(int number) => _fields.Where(f => f.Number == number).Select(f => new ProtoMessage(f.Bytes));

    /// <summary>A packed list of 8-byte values.</summary>
    public IReadOnlyList<ulong> Packed64(int number)
    {
        var values = new List<ulong>();
        foreach (var (_, _, bytes) in _fields.Where(f => f.Number == number))
        {
            for (var at = 0; at < bytes.Length; at += 8) values.Add(BinaryPrimitives.ReadUInt64LittleEndian(bytes.Span[at..]));
        }

        return values;
    }

    private ulong Bits(int number) => _fields.LastOrDefault(f => f.Number == number).Bits;

    private ReadOnlyMemory<byte> Bytes(int number) => _fields.LastOrDefault(f => f.Number == number).Bytes;

    private static ulong Varint(ReadOnlySpan<byte> bytes, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var b = bytes[at++];
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80) return value;
        }
    }
}
