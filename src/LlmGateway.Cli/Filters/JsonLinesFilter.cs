using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using LlmGateway.Cli.Output;

namespace LlmGateway.Cli.Filters;

/// <summary>
/// A filter for tools and scripts: one JSON object a line in, one out, in order, each written as soon as it is made. A bad
/// line becomes <c>{"error":{"kind","message"}}</c> and does not stop the rest.
/// </summary>
internal static class JsonLinesFilter
{
    /// <summary>Far more than any vendor's reply.</summary>
    private const int MaxLineBytes = 64 * 1024 * 1024;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly JsonDocumentOptions WithoutDuplicates = new() { AllowDuplicateProperties = false };

    /// <param name="input">UTF-8; lines end with LF or CR LF, the last one with or without; a byte-order mark is passed over.</param>
    /// <param name="output">UTF-8, lines end with LF.</param>
    /// <param name="convert">Writes the members of the answer to a line. A <see cref="FilterException"/> is the line's error.</param>
    /// <param name="cancellationToken">Ends the filter.</param>
    /// <param name="options">How a line is read; null for no duplicates and the usual depth.</param>
    public static async Task<int> RunAsync(Stream input, Stream output, Action<JsonElement, Utf8JsonWriter> convert, CancellationToken cancellationToken, JsonDocumentOptions? options = null)
    {
        var lineOptions = options ?? WithoutDuplicates;
        var reader = PipeReader.Create(input, new StreamPipeReaderOptions(bufferSize: 64 * 1024));
        var isFirst = true;
        var skipping = false;
        while (true)
        {
            // A read of standard input cannot be cancelled, only left behind.
            var pending = reader.ReadAsync(CancellationToken.None);
            var read = pending.IsCompleted ? await pending : await pending.AsTask().WaitAsync(cancellationToken);
            var buffer = read.Buffer;
            while (TryTakeLine(ref buffer, read.IsCompleted, out var line))
            {
                if (skipping) skipping = false; // The end of a line that was too long.
                else await AnswerAsync(isFirst ? WithoutBom(line) : line, output, convert, lineOptions, cancellationToken);
                isFirst = false;
            }

            if (buffer.Length > MaxLineBytes)
            {
                if (!skipping) await WriteAsync(output, Error("invalid_line", $"The line is longer than {MaxLineBytes} bytes."), cancellationToken);
                skipping = true;
                buffer = buffer.Slice(buffer.End);
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
            if (read.IsCompleted) return ExitCodes.Ok;
        }
    }

    private static bool TryTakeLine(ref ReadOnlySequence<byte> buffer, bool isLast, out ReadOnlySequence<byte> line)
    {
        if (buffer.PositionOf((byte)'\n') is { } end)
        {
            line = buffer.Slice(0, end);
            buffer = buffer.Slice(buffer.GetPosition(1, end));
            return true;
        }

        line = buffer;
        if (!isLast || buffer.IsEmpty) return false;
        buffer = buffer.Slice(buffer.End);
        return true;
    }

    private static async Task AnswerAsync(ReadOnlySequence<byte> line, Stream output, Action<JsonElement, Utf8JsonWriter> convert, JsonDocumentOptions options, CancellationToken cancellationToken)
    {
        if (IsBlank(line)) return;
        await WriteAsync(output, Answer(line, convert, options), cancellationToken);
    }

    private static byte[] Answer(ReadOnlySequence<byte> line, Action<JsonElement, Utf8JsonWriter> convert, JsonDocumentOptions options)
    {
        try
        {
            StrictUtf8.GetCharCount(line.IsSingleSegment ? line.FirstSpan : line.ToArray());
            using var document = Parse(line, options);
            if (document.RootElement.ValueKind != JsonValueKind.Object) return Error("invalid_line", "The line is not a JSON object.");
            return Write(json => convert(document.RootElement, json));
        }
        catch (DecoderFallbackException)
        {
            return Error("invalid_line", "The line is not UTF-8.");
        }
        catch (JsonException e)
        {
            return Error("invalid_json", e.Message);
        }
        catch (FilterException e)
        {
            return Error(e.Kind, e.Message);
        }
    }

    private static JsonDocument Parse(ReadOnlySequence<byte> line, JsonDocumentOptions options)
    {
        try
        {
            return JsonDocument.Parse(line, options);
        }
        catch (InvalidOperationException)
        {
            // The search for duplicates reads names as text.
            throw new FilterException("invalid_json", "A member's name holds half of a surrogate pair, which is no text.");
        }
    }

    private static byte[] Error(string kind, string message) => Write(json =>
    {
        json.WriteStartObject("error");
        json.WriteString("kind", kind);
        json.WriteString("message", message);
        json.WriteEndObject();
    });

    private static byte[] Write(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, ResponseJson.Readable))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    private static async Task WriteAsync(Stream output, byte[] line, CancellationToken cancellationToken)
    {
        await output.WriteAsync(line, cancellationToken);
        await output.FlushAsync(cancellationToken);
    }

    private static ReadOnlySequence<byte> WithoutBom(ReadOnlySequence<byte> line)
    {
        var reader = new SequenceReader<byte>(line);
        return reader.IsNext([0xEF, 0xBB, 0xBF]) ? line.Slice(3) : line;
    }

    private static bool IsBlank(ReadOnlySequence<byte> line)
    {
        foreach (var segment in line)
        {
            if (segment.Span.IndexOfAnyExcept(" \t\r"u8) >= 0) return false;
        }

        return true;
    }
}

/// <summary>What is wrong with one line.</summary>
internal sealed class FilterException(string kind, string message) : Exception(message)
{
    public string Kind { get; } = kind;
}
