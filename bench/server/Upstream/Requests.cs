using System.Buffers.Text;

namespace ServerBench.Upstream;

/// <summary>One request as the upstream sees it: where it went, and what its body asks for.</summary>
/// <param name="Length">The request's bytes, head and body.</param>
internal readonly record struct Request(int Length, bool Chat, bool Messages, bool Stream, bool Hold);

/// <summary>Finds the next whole request in what was received. Knows no more of HTTP/1.1 than real clients send.</summary>
internal static class Requests
{
    /// <returns>False where more bytes are needed.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out Request request)
    {
        request = default;
        var headEnd = bytes.IndexOf("\r\n\r\n"u8);
        if (headEnd < 0) return false;
        var head = bytes[..(headEnd + 2)];
        var rest = bytes[(headEnd + 4)..];
        int bodyLength;
        if (Header(head, "content-length:"u8) is { IsEmpty: false } length)
        {
            if (!Utf8Parser.TryParse(length, out bodyLength, out _)) throw new FormatException("Not a content length.");
            if (rest.Length < bodyLength) return false;
        }
        else if (Header(head, "transfer-encoding:"u8).IsEmpty)
        {
            bodyLength = 0;
        }
        else
        {
            var end = rest.StartsWith("0\r\n\r\n"u8) ? 0 : rest.IndexOf("\r\n0\r\n\r\n"u8) + 2;
            if (end == 1) return false;
            bodyLength = end + 5;
        }

        var body = rest[..bodyLength];
        var line = head[..head.IndexOf("\r\n"u8)];
        request = new Request(
            headEnd + 4 + bodyLength,
            Chat: line.IndexOf("/chat/completions "u8) >= 0,
            Messages: line.IndexOf("/messages "u8) >= 0,
            Stream: body.IndexOf("\"stream\":true"u8) >= 0 || body.IndexOf("\"stream\": true"u8) >= 0,
            Hold: body.IndexOf("bench-hold"u8) >= 0);
        return true;
    }

    /// <summary>A header's value, or nothing; <paramref name="name"/> is lower case and ends with a colon.</summary>
    private static ReadOnlySpan<byte> Header(ReadOnlySpan<byte> head, ReadOnlySpan<byte> name)
    {
        while (!head.IsEmpty)
        {
            var end = head.IndexOf("\r\n"u8);
            var line = head[..end];
            if (line.Length > name.Length && Same(line[..name.Length], name)) return line[name.Length..].Trim((byte)' ');
            head = head[(end + 2)..];
        }

        return default;
    }

    private static bool Same(ReadOnlySpan<byte> text, ReadOnlySpan<byte> lower)
    {
        for (var i = 0; i < lower.Length; i++)
        {
            var b = text[i];
            if (b is >= (byte)'A' and <= (byte)'Z') b |= 0x20;
            if (b != lower[i]) return false;
        }

        return true;
    }
}
