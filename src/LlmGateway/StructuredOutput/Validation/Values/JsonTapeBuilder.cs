using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;

namespace LlmGateway.StructuredOutput.Validation;

/// <summary>Reads JSON into tokens.</summary>
internal struct JsonTapeBuilder
{
    /// <summary>Deep enough for every answer; deeper ones are refused before anything is walked.</summary>
    private const int ReaderDepth = 100_000;

    private JsonToken[] _tokens;
    private int _count;

    /// <summary>Reads one value.</summary>
    /// <param name="json">The value; it must not change while the tokens are used.</param>
    /// <param name="tokens">Where to put the tokens; replaced by a larger one where it is too small.</param>
    /// <param name="isRead">Whether a reader has passed it already, perhaps with comments and trailing commas.</param>
    /// <param name="maxDepth">How deep containers may stand in each other.</param>
    /// <returns>The number of tokens; 0 where it is deeper than allowed.</returns>
    /// <exception cref="JsonException">It is not JSON, or not UTF-8.</exception>
    public static int Read(ReadOnlySpan<byte> json, ref JsonToken[] tokens, bool isRead, int maxDepth)
    {
        if (!Utf8.IsValid(json)) throw new JsonException("The JSON is not UTF-8.");
        var builder = new JsonTapeBuilder { _tokens = tokens };
        var reader = new Utf8JsonReader(json, new JsonReaderOptions
        {
            MaxDepth = ReaderDepth,
            CommentHandling = isRead ? JsonCommentHandling.Skip : JsonCommentHandling.Disallow,
            AllowTrailingCommas = isRead,
        });
        var fits = builder.Read(ref reader, maxDepth);
        tokens = builder._tokens;
        return fits ? builder._count : 0;
    }

    private bool Read(ref Utf8JsonReader reader, int maxDepth)
    {
        var containers = ArrayPool<int>.Shared.Rent(Math.Min(maxDepth, 64));
        var depth = 0;
        try
        {
            while (reader.Read())
            {
                var type = reader.TokenType;
                if (type is JsonTokenType.EndObject or JsonTokenType.EndArray)
                {
                    ref var container = ref _tokens[containers[--depth]];
                    container.End = _count;
                    container.Length = (int)reader.BytesConsumed - container.Start;
                    continue;
                }

                if (_count == _tokens.Length) Array.Resize(ref _tokens, _count * 2);
                ref var token = ref _tokens[_count++];
                token.End = _count;
                token.Count = 0;
                if (depth > 0 && type != JsonTokenType.PropertyName) _tokens[containers[depth - 1]].Count++;
                var start = (int)reader.TokenStartIndex;
                switch (type)
                {
                    case JsonTokenType.StartObject or JsonTokenType.StartArray:
                        if (depth == maxDepth) return false;
                        if (depth == containers.Length) Grow(ref containers);
                        token.Set(type == JsonTokenType.StartObject ? JsonTypes.Object : JsonTypes.Array, start, 0);
                        containers[depth++] = _count - 1;
                        break;
                    case JsonTokenType.String or JsonTokenType.PropertyName:
                        token.Set(JsonTypes.String, start + 1, reader.ValueSpan.Length, reader.ValueIsEscaped);
                        break;
                    case JsonTokenType.Number:
                        token.Set(JsonTypes.Number, start, reader.ValueSpan.Length);
                        break;
                    case JsonTokenType.Null:
                        token.Set(JsonTypes.Null, start, reader.ValueSpan.Length);
                        break;
                    default:
                        token.Set(JsonTypes.Boolean, start, reader.ValueSpan.Length);
                        break;
                }
            }

            return true;
        }
        finally
        {
            ArrayPool<int>.Shared.Return(containers);
        }
    }

    private static void Grow(ref int[] containers)
    {
        var larger = ArrayPool<int>.Shared.Rent(containers.Length * 2);
        containers.CopyTo(larger, 0);
        ArrayPool<int>.Shared.Return(containers);
        containers = larger;
    }
}
