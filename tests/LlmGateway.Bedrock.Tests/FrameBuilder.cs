using System.Text;

namespace LlmGateway.Bedrock.Tests;

/// <summary>
/// Frames written plainly by https://smithy.io/2.0/aws/amazon-eventstream.html, without any of the package's code, so
/// that its reader and its writer are held to the specification and not to each other.
/// </summary>
internal static class FrameBuilder
{
    /// <summary>The frames of a file of events: a line an event, its type (an exception's behind <c>!</c>) and its payload.</summary>
    public static byte[] OfEvents(string text)
    {
        var stream = new List<byte>();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            stream.AddRange(line[0] == '!' ? Exception(line[1..space], line[(space + 1)..]) : Event(line[..space], line[(space + 1)..]));
        }

        return [.. stream];
    }

    public static byte[] Event(string type, string payload)
        => Frame([Header(":event-type", type), Header(":content-type", "application/json"), Header(":message-type", "event")], Encoding.UTF8.GetBytes(payload));

    public static byte[] Exception(string type, string payload)
        => Frame([Header(":exception-type", type), Header(":content-type", "application/json"), Header(":message-type", "exception")], Encoding.UTF8.GetBytes(payload));

    public static byte[] Error(string code, string message)
        => Frame([Header(":message-type", "error"), Header(":error-code", code), Header(":error-message", message)], []);

    public static byte[] Frame(IEnumerable<byte[]> headers, byte[] payload)
    {
        byte[] all = [.. headers.SelectMany(header => header)];
        byte[] prelude = [.. Big(16 + all.Length + payload.Length), .. Big(all.Length)];
        byte[] signed = [.. prelude, .. Big((int)Crc(prelude)), .. all, .. payload];
        return [.. signed, .. Big((int)Crc(signed))];
    }

    public static byte[] Header(string name, string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        return [(byte)Encoding.UTF8.GetByteCount(name), .. Encoding.UTF8.GetBytes(name), 7, (byte)(bytes.Length >> 8), (byte)bytes.Length, .. bytes];
    }

    /// <summary>CRC-32 bit by bit.</summary>
    public static uint Crc(IEnumerable<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var i = 0; i < 8; i++) crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB88320;
        }

        return ~crc;
    }

    private static byte[] Big(int value) => [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];
}
