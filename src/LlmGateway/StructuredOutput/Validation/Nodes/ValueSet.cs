using System.Runtime.InteropServices;
using System.Text.Json;

namespace LlmGateway.StructuredOutput.Validation;

/// <summary>The values that <c>enum</c> or <c>const</c> allows.</summary>
internal sealed class ValueSet
{
    private const int MaxShown = 2000;

    private readonly NameTable _texts;
    private readonly (byte[] Json, JsonToken[] Tokens)[] _others;

    private ValueSet(string shown, NameTable texts, (byte[] Json, JsonToken[] Tokens)[] others)
    {
        Shown = shown.Length <= MaxShown ? shown : string.Concat(shown.AsSpan(0, MaxShown), "…");
        _texts = texts;
        _others = others;
    }

    /// <summary>The values as JSON, for a message.</summary>
    public string Shown { get; }

    /// <summary>What one look costs at most, in steps.</summary>
    public int Cost => _others.Length;

    public static ValueSet Of(IReadOnlyList<JsonElement> values)
    {
        var texts = new List<byte[]>();
        var others = new List<(byte[], JsonToken[])>();
        foreach (var value in values)
        {
            if (value.ValueKind == JsonValueKind.String)
            {
                var text = JsonText.BytesOf(value);
                texts.Add(text);
                continue;
            }

            var json = JsonMarshal.GetRawUtf8Value(value).ToArray();
            var tokens = new JsonToken[16];
            var count = JsonTapeBuilder.Read(json, ref tokens, isRead: true, SchemaCompiler.MaxJsonDepth);
            others.Add((json, tokens[..count]));
        }

        return new ValueSet(string.Join(", ", values.Select(v => v.GetRawText())), new NameTable(texts), [.. others]);
    }

    public bool Contains(in JsonTape tape, int at)
    {
        ref readonly var token = ref tape[at];
        if (token.Type == JsonTypes.String) return _texts.Count > 0 && _texts.Find(tape.Text(token)) >= 0;
        foreach (var (json, tokens) in _others)
        {
            if (JsonEquality.Same(tape, at, new JsonTape(json, tokens), 0)) return true;
        }

        return false;
    }
}
