using System.Text;

namespace LlmGateway.StructuredOutput.Validation;

/// <summary>
/// A JSON value as it is written, and where in it everything stands. One form for bytes, documents and the values in
/// schemas, so that one walk serves them all; nothing is decoded that no rule asks for.
/// </summary>
internal readonly ref struct JsonTape(ReadOnlySpan<byte> json, ReadOnlySpan<JsonToken> tokens)
{
    private readonly ReadOnlySpan<byte> _json = json;
    private readonly ReadOnlySpan<JsonToken> _tokens = tokens;

    public int Count => _tokens.Length;

    public ref readonly JsonToken this[int at] => ref _tokens[at];

    /// <summary>The text of a number, or of a string or name without its escapes.</summary>
    public ReadOnlySpan<byte> Text(in JsonToken token)
    {
        var raw = _json.Slice(token.Start, token.Length);
        return token.IsEscaped ? JsonText.Unescape(raw) : raw;
    }

    /// <summary>The value as JSON, exactly as it is written.</summary>
    public ReadOnlySpan<byte> Raw(int at)
    {
        ref readonly var token = ref _tokens[at];
        return token.Type == JsonTypes.String ? _json.Slice(token.Start - 1, token.Length + 2) : _json.Slice(token.Start, token.Length);
    }

    /// <summary>Where a token stands: a JSON Pointer (RFC 6901). Searches from the root.</summary>
    public string PointerTo(int at)
    {
        var pointer = new StringBuilder();
        for (var container = 0; container < at;)
        {
            var isObject = _tokens[container].Type == JsonTypes.Object;
            var child = container + 1;
            for (var index = 0; ; index++)
            {
                var value = isObject ? child + 1 : child;
                if (at < _tokens[value].End)
                {
                    pointer.Append('/');
                    if (isObject) pointer.Append(JsonPointer.Escape(JsonText.ToString(Text(_tokens[child]))));
                    else pointer.Append(System.Globalization.CultureInfo.InvariantCulture, $"{index}");
                    if (at <= value) return pointer.ToString();
                    container = value;
                    break;
                }

                child = _tokens[value].End;
            }
        }

        return pointer.ToString();
    }

    /// <summary>The beginning of <see cref="Raw"/>, at most so many characters, with an ellipsis where it is cut.</summary>
    public string Shown(int at, int maxCharacters)
    {
        var raw = Raw(at);
        if (raw.Length <= maxCharacters) return Encoding.UTF8.GetString(raw);
        var text = Encoding.UTF8.GetString(raw[..Math.Min(raw.Length, maxCharacters * 3)]);
        if (text.Length <= maxCharacters && raw.Length <= maxCharacters * 3) return text;
        var length = maxCharacters;
        if (char.IsHighSurrogate(text[length - 1])) length--;
        return string.Concat(text.AsSpan(0, length), "…");
    }
}
