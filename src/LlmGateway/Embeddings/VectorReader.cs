using System.Runtime.InteropServices;
using System.Text.Json;
using LlmGateway.Dialects;

namespace LlmGateway.Embeddings;

/// <summary>Reads vectors, and refuses what is none: a vector with a hole in it would be compared all the same.</summary>
internal static class VectorReader
{
    /// <summary>A list of numbers, or the base64 of little-endian singles that OpenAI gives where asked.</summary>
    /// <exception cref="DialectException">It is neither.</exception>
    public static ReadOnlyMemory<float> Read(JsonElement vector)
    {
        if (vector.ValueKind == JsonValueKind.String && vector.TryGetBytesFromBase64(out var bytes) && bytes.Length % sizeof(float) == 0 && BitConverter.IsLittleEndian)
        {
            return Whole(MemoryMarshal.Cast<byte, float>(bytes).ToArray());
        }

        if (vector.ValueKind != JsonValueKind.Array) throw NoVector();
        var numbers = new float[vector.GetArrayLength()];
        var i = 0;
        foreach (var number in vector.EnumerateArray())
        {
            if (number.ValueKind != JsonValueKind.Number || !number.TryGetSingle(out numbers[i++])) throw NoVector();
        }

        return Whole(numbers);
    }

    /// <summary>A list of vectors.</summary>
    /// <exception cref="DialectException">It is none.</exception>
    public static List<ReadOnlyMemory<float>> ReadAll(JsonElement? vectors)
    {
        if (vectors is not { ValueKind: JsonValueKind.Array } list) throw new DialectException(ProviderErrorKind.MalformedReply, "The reply holds no list of embeddings.");
        var all = new List<ReadOnlyMemory<float>>(list.GetArrayLength());
        foreach (var vector in list.EnumerateArray()) all.Add(Read(vector));
        return all;
    }

    private static float[] Whole(float[] numbers)
        => numbers.Length > 0 && Array.TrueForAll(numbers, float.IsFinite) ? numbers : throw NoVector();

    private static DialectException NoVector() => new(ProviderErrorKind.MalformedReply, "An embedding in the reply is no list of finite numbers.");
}
