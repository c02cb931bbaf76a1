using System.Text;
using System.Text.Json;
using CsCheck;
using LlmGateway.Dialects.Tests.Laws;

namespace LlmGateway.Dialects.Tests;

/// <summary>An event that is read by comparing it with the one before is read as JSON would be.</summary>
public class TextFrameTests
{
    private const string OpenAIHead = """{"id":"r","object":"chat.completion.chunk","model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"a"},"finish_reason":null}]}""";
    private const string AnthropicHead = """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""";

    /// <summary>Pieces as models write them, with all that has to be escaped, and what looks like the end of a text and more behind it.</summary>
    private static readonly Gen<string> Piece = Gen.OneOf(
        Gen.String[Gen.Char["abc \u00e9\u4e2d{}:,"], 1, 20],
        Gen.String[Gen.Char["a\"\\\n\t/"], 1, 6],
        Gen.Const("\ud83d\ude00"),
        Gen.OneOf(Gen.Const("\"},\"finish_reason\":\"stop\"}"), Gen.Const("\",\"content\":\""), Gen.Const("\\"), Gen.Const("\""), Gen.Const("\u0000")));

    [Theory]
    [InlineData("openai")]
    [InlineData("anthropic")]
    public void A_frame_that_is_known_changes_nothing(string name)
        => Gen.Select(Piece.Array[2, 6], Gen.Bool, Gen.Bool, Gen.Int[0, 500], Gen.Byte).Sample((pieces, isEscaped, isBroken, at, value) =>
        {
            var events = pieces.Select(piece => EventOf(name, Quoted(piece, isEscaped))).ToList();
            if (isBroken) events[^1][at % events[^1].Length] = value;

            var known = Decoder(name);
            foreach (var data in events[..^1]) Read(known, data);
            var fresh = Decoder(name);

            Assert.Equal(Read(fresh, events[^1]), Read(known, events[^1]));
        });

    [Fact]
    public void A_raw_quote_in_a_known_frame_is_no_text()
    {
        var decoder = Decoder("openai");
        Assert.Contains("x", Read(decoder, EventOf("openai", "\"x\"")), StringComparison.Ordinal);

        Assert.Equal("1 skipped", Read(decoder, EventOf("openai", "\"y\" z\"")));
    }

    private static IStreamDecoder Decoder(string name)
    {
        var decoder = All.Of(name).CreateStreamDecoder(WirePeer.Any);
        Read(decoder, Encoding.UTF8.GetBytes(name == "openai" ? OpenAIHead : AnthropicHead));
        return decoder;
    }

    private static byte[] EventOf(string name, string quoted) => Encoding.UTF8.GetBytes(name == "openai"
        ? $$$"""{"id":"r","object":"chat.completion.chunk","model":"m","choices":[{"index":0,"delta":{"content":{{{quoted}}}},"finish_reason":null}]}"""
        : $$$"""{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":{{{quoted}}}}}""");

    /// <summary>As JSON, or as somebody writes it who forgets to escape.</summary>
    private static string Quoted(string piece, bool isEscaped) => isEscaped ? JsonSerializer.Serialize(piece) : $"\"{piece}\"";

    private static string Read(IStreamDecoder decoder, byte[] data)
    {
        var skipped = decoder.SkippedEvents;
        List<LlmDelta> deltas = [];
        try
        {
            decoder.Decode(default, data, deltas);
        }
        catch (DialectException e)
        {
            return e.Message;
        }

        return string.Join('\n', deltas.Select(Middle.Dump).Append($"{decoder.SkippedEvents - skipped} skipped").Where(line => line != "0 skipped"));
    }
}
