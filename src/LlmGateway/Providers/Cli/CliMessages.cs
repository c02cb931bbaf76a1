using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace LlmGateway.Providers.Cli;

/// <summary>
/// The JSON objects in what a program printed, whatever stands around them: one object, an array, or a line each; after
/// warnings, with or without terminal codes.
/// </summary>
internal static partial class CliMessages
{
    /// <returns>The objects, in order; those of an array one by one.</returns>
    public static List<JsonElement> Read(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(TerminalCode().Replace(text, ""));
        var messages = new List<JsonElement>();
        var position = 0;

        // What begins like JSON and is none is read in vain; this keeps that linear.
        var budget = (8L * bytes.Length) + 1024;
        while (position < bytes.Length && budget > 0)
        {
            var rest = bytes.AsSpan(position);
            var lineLength = rest.IndexOf((byte)'\n') is >= 0 and var end ? end : rest.Length;
            if (StartOfJson(rest[..lineLength]) is not { } start)
            {
                position += lineLength + 1;
            }
            else if (TryParse(rest[start..], out var value, out var consumed))
            {
                Collect(value, messages);
                position += start + consumed;
            }
            else
            {
                budget -= consumed + 1;
                position += lineLength + 1;
            }
        }

        return messages;
    }

    /// <summary>JSON begins a line; a message may also follow a warning on the same line.</summary>
    private static int? StartOfJson(ReadOnlySpan<byte> line)
    {
        var first = line.IndexOfAnyExcept(" \t\r\uFEFF"u8);
        if (first < 0) return null;
        if (line[first] is (byte)'{' or (byte)'[') return first;
        var later = line.IndexOf("[{\"type\""u8);
        if (later < 0) later = line.IndexOf("{\"type\""u8);
        return later < 0 ? null : later;
    }

    private static bool TryParse(ReadOnlySpan<byte> bytes, out JsonElement value, out int consumed)
    {
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = 256 });
        try
        {
            reader.Read();
            reader.Skip();
            consumed = (int)reader.BytesConsumed;
            reader = new Utf8JsonReader(bytes[..consumed], new JsonReaderOptions { MaxDepth = 256 });
            value = JsonElement.ParseValue(ref reader);
            return true;
        }
        catch (JsonException)
        {
            value = default;
            consumed = (int)reader.BytesConsumed;
            return false;
        }
    }

    private static void Collect(JsonElement value, List<JsonElement> messages)
    {
        if (value.ValueKind == JsonValueKind.Object) messages.Add(value);
        else if (value.ValueKind == JsonValueKind.Array) messages.AddRange(value.EnumerateArray());
    }

    /// <summary>Escape sequences by ECMA-48: CSI, OSC, and those of two characters.</summary>
    [GeneratedRegex(@"\x1B(\[[0-?]*[ -/]*[@-~]|\][^\x07\x1B]*(\x07|\x1B\\)|[@-Z\\^_=>78])")]
    private static partial Regex TerminalCode();
}
