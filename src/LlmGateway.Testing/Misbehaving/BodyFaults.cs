using System.IO.Compression;

namespace LlmGateway.Testing.Misbehaving;

/// <summary>Bodies that are no answer, behind a 200, and a redirect.</summary>
internal static class BodyFaults
{
    private const int Megabyte = 1024 * 1024;
    private const int GiganticMegabytes = 256;
    private const int BombMegabytes = 1024;

    private static readonly Lazy<byte[]> Spaces = new(static () => Compress(Filled((byte)' ')));

    public static Task Empty(Exchange exchange) => exchange.RespondAsync(200, exchange.BodyType, default, SeenOutcome.Broken);

    public static Task Html(Exchange exchange) => exchange.RespondAsync(200, "text/html; charset=utf-8", "<!doctype html><title>Sign in</title><p>Welcome to the hotel's network.</p>"u8.ToArray(), SeenOutcome.Broken);

    public static Task WrongType(Exchange exchange) => exchange.RespondAsync(200, "image/png", new byte[] { 0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 0 }, SeenOutcome.Broken);

    public static Task WrongShape(Exchange exchange) => exchange.RespondAsync(200, exchange.BodyType, exchange.Request.Stream ? "data: {\"ok\": true}\n\n"u8.ToArray() : "{\"ok\": true}"u8.ToArray(), SeenOutcome.Broken);

    public static Task Redirect(Exchange exchange) => exchange.RespondAsync(307, "text/plain", default, SeenOutcome.Broken, $"Location: {exchange.Url}/elsewhere\r\n");

    /// <summary>One text that does not end, for as long as the caller reads.</summary>
    public static async Task Gigantic(Exchange exchange)
    {
        await exchange.HeadAsync(200, exchange.BodyType, null).ConfigureAwait(false);
        await exchange.BodyAsync(exchange.Dialect.IsBinaryStream && exchange.Request.Stream ? GiganticFrame() : exchange.Request.Stream ? "data: \""u8.ToArray() : "{\"text\": \""u8.ToArray()).ConfigureAwait(false);
        var piece = Filled((byte)'x');
        for (var i = 0; i < GiganticMegabytes; i++) await exchange.BodyAsync(piece).ConfigureAwait(false);
        await exchange.EndAsync(SeenOutcome.Broken).ConfigureAwait(false);
    }

    /// <summary>A gigabyte of spaces in a megabyte: members of gzip may follow each other (RFC 1952, section 2.2).</summary>
    public static async Task Bomb(Exchange exchange)
    {
        var member = Spaces.Value;
        await exchange.HeadAsync(200, exchange.BodyType, (long)member.Length * BombMegabytes, "Content-Encoding: gzip\r\n").ConfigureAwait(false);
        for (var i = 0; i < BombMegabytes; i++) await exchange.BodyAsync(member).ConfigureAwait(false);
        await exchange.EndAsync(SeenOutcome.Broken).ConfigureAwait(false);
    }

    /// <summary>The right answer, but a byte at a time.</summary>
    public static async Task Drip(Exchange exchange)
    {
        var wire = new AnswerWire(exchange, Answers.Of(exchange.Request));
        var bytes = wire.Collect();
        await exchange.HeadAsync(200, exchange.BodyType, bytes.Length).ConfigureAwait(false);
        wire.BillAll();
        for (var i = 0; i < bytes.Length; i++)
        {
            await exchange.BodyAsync(bytes.Slice(i, 1)).ConfigureAwait(false);
            await exchange.WaitAsync(exchange.Fault.Time ?? TimeSpan.FromSeconds(1)).ConfigureAwait(false);
        }

        await exchange.EndAsync(SeenOutcome.Answered).ConfigureAwait(false);
    }

    /// <summary>The beginning of a frame that says it is far larger than any may be.</summary>
    private static byte[] GiganticFrame()
    {
        var prelude = new byte[12];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(prelude, GiganticMegabytes * Megabyte);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(prelude.AsSpan(8), Bedrock.EventStream.Crc32.Of(prelude.AsSpan(0, 8)));
        return prelude;
    }

    private static byte[] Filled(byte value)
    {
        var bytes = new byte[Megabyte];
        bytes.AsSpan().Fill(value);
        return bytes;
    }

    private static byte[] Compress(byte[] bytes)
    {
        var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionLevel.Optimal, leaveOpen: true)) gzip.Write(bytes);
        return output.ToArray();
    }
}
