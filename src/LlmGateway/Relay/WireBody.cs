using System.Buffers;
using System.Text.Json;
using LlmGateway.Dialects;

namespace LlmGateway.Relay;

/// <summary>
/// Writes a body that goes on as it came, byte for byte, but for the model's name, and for the wish to be told what a stream
/// used. One pass over the top level finds the places; nothing is serialised anew.
/// </summary>
internal ref struct WireBody
{
    /// <summary>More members than any request has; a body with more is translated.</summary>
    private const int MaxMembers = 64;

    private readonly ReadOnlySpan<byte> _body;
    private readonly WireRules _rules;
    private readonly WirePeer _peer;
    private Edit _model;
    private Edit _usage;
    private int _inside;
    private bool _isEmpty = true;
    private bool _asksForUsage;

    private WireBody(ReadOnlySpan<byte> body, WireRules rules, WirePeer peer)
    {
        _body = body;
        _rules = rules;
        _peer = peer;
    }

    /// <summary>Writes the body.</summary>
    /// <param name="body">The body as it came: JSON.</param>
    /// <param name="model">The model's name as a JSON string.</param>
    /// <param name="isModelInUrl">Whether the protocol keeps the model in the URL: then it is replaced in the body where it stands there, and not added.</param>
    /// <param name="isStream">Whether a stream is asked for.</param>
    /// <param name="rules">What is to be known of the protocol.</param>
    /// <param name="peer">Who is asked.</param>
    /// <param name="output">Where it goes.</param>
    /// <param name="addsUsage">Whether the counts of the stream were not asked for by the caller, and are now.</param>
    /// <returns>
    /// False where the body can't go on as it came, and must be translated: a member stands twice, under one name or two, so
    /// that it is not known which the vendor heeds, or the vendor is known to refuse one. Nothing is written then.
    /// </returns>
    /// <exception cref="DialectException">The body names a model in a way that some servers read and others do not.</exception>
    public static bool TryWrite(ReadOnlySpan<byte> body, ReadOnlySpan<byte> model, bool isModelInUrl, bool isStream, WireRules rules, WirePeer peer, IBufferWriter<byte> output, out bool addsUsage)
    {
        var wire = new WireBody(body, rules, peer);
        addsUsage = false;
        try
        {
            if (!wire.TryScan()) return false;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false; // The dialect's reader says what is wrong with it.
        }

        addsUsage = isStream && rules.MustAskForUsage && !wire._asksForUsage && !peer.Refuses.Contains("stream_options");
        wire.Write(model, isModelInUrl, addsUsage, output);
        return true;
    }

    private bool TryScan()
    {
        var json = new Utf8JsonReader(_body);
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject) return false;
        _inside = (int)json.BytesConsumed;
        Span<(int Start, int Length)> names = stackalloc (int, int)[MaxMembers];
        var count = 0;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            _isEmpty = false;
            var isModel = json.ValueTextEquals("model"u8);
            if (!isModel && !IsPlain(ref json, names[..count])) return false;
            if (isModel && _model.IsSet) return false;
            if (count == MaxMembers) return false;
            names[count++] = ((int)json.TokenStartIndex + 1, json.ValueSpan.Length);
            var isOptions = _rules.MustAskForUsage && json.ValueTextEquals("stream_options"u8);
            json.Read();
            var start = (int)json.TokenStartIndex;
            if (isOptions && json.TokenType == JsonTokenType.StartObject)
            {
                if (!TryScanOptions(ref json)) return false;
                continue;
            }

            json.Skip();
            if (isModel) _model = new Edit(start, (int)json.BytesConsumed);
            else if (isOptions && json.TokenType == JsonTokenType.Null) _usage = new Edit(start, (int)json.BytesConsumed) { Kind = EditKind.Object };
            else if (isOptions) _asksForUsage = true; // Neither an object nor nothing: the vendor will say so.
        }

        return json.TokenType == JsonTokenType.EndObject && !json.Read();
    }

    /// <summary>Whether there is but one reading of a member, and the vendor is not known to refuse it.</summary>
    private readonly bool IsPlain(ref Utf8JsonReader json, scoped ReadOnlySpan<(int Start, int Length)> names)
    {
        if (json.ValueIsEscaped)
        {
            ThrowIfLikeModel(ref json);
            return false;
        }

        var name = json.ValueSpan;
        if (name.Length == 5) ThrowIfLikeModel(ref json);
        foreach (var (start, length) in names)
        {
            if (_body.Slice(start, length).SequenceEqual(name)) return false;
        }

        foreach (var group in _rules.Aliases)
        {
            if (IsOneOf(ref json, group) && HasOneOf(names, group)) return false;
        }

        if (_peer.Model.MaxTokensField is { } field && IsOneOf(ref json, _rules.MaxTokensFields) && !json.ValueTextEquals(field)) return false;
        foreach (var refused in _peer.Refuses)
        {
            if (json.ValueTextEquals(refused)) return false;
        }

        return true;
    }

    /// <summary>Some servers pass over the case of names: to them it would be a second model, which nobody has priced or allowed.</summary>
    private static void ThrowIfLikeModel(ref Utf8JsonReader json)
    {
        if (string.Equals(json.GetString(), "model", StringComparison.OrdinalIgnoreCase))
            throw new DialectException(ProviderErrorKind.InvalidRequest, "The request has a member that is 'model' in another case, which some servers take for the model and others do not. Write it 'model', once.");
    }

    private static bool IsOneOf(ref Utf8JsonReader json, IReadOnlyList<string> names)
    {
        foreach (var name in names)
        {
            if (json.ValueTextEquals(name)) return true;
        }

        return false;
    }

    private readonly bool HasOneOf(scoped ReadOnlySpan<(int Start, int Length)> seen, IReadOnlyList<string> names)
    {
        foreach (var (start, length) in seen)
        {
            foreach (var name in names)
            {
                if (System.Text.Ascii.Equals(_body.Slice(start, length), name)) return true;
            }
        }

        return false;
    }

    private bool TryScanOptions(ref Utf8JsonReader json)
    {
        var inside = (int)json.BytesConsumed;
        var isEmpty = true;
        var wish = default(Edit);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            isEmpty = false;
            var isWish = json.ValueTextEquals("include_usage"u8);
            if (isWish && wish.IsSet) return false;
            json.Read();
            var start = (int)json.TokenStartIndex;
            json.Skip();
            if (!isWish) continue;
            wish = new Edit(start, (int)json.BytesConsumed) { Kind = EditKind.Value };
            _asksForUsage = json.TokenType == JsonTokenType.True;
        }

        _usage = wish.IsSet ? wish : new Edit(inside, inside) { Kind = isEmpty ? EditKind.OnlyMember : EditKind.Member };
        return true;
    }

    private readonly void Write(ReadOnlySpan<byte> model, bool isModelInUrl, bool addsUsage, IBufferWriter<byte> output)
    {
        output.GetSpan(_body.Length + model.Length + 64);
        var at = 0;
        var usage = addsUsage ? _usage : default;
        if (addsUsage && !usage.IsSet) usage = new Edit(_inside, _inside) { Kind = EditKind.Options };
        output.Write(_body[..(at = _inside)]);
        var hasMore = !_isEmpty;
        if (!_model.IsSet && !isModelInUrl)
        {
            output.Write("\"model\":"u8);
            output.Write(model);
            if (hasMore || usage.Kind == EditKind.Options) output.Write(","u8);
        }

        if (usage is { IsSet: true } && (!_model.IsSet || usage.Start < _model.Start)) WriteUsage(usage, hasMore, ref at, output);
        if (_model.IsSet)
        {
            output.Write(_body[at.._model.Start]);
            WriteModel(model, isModelInUrl, output);
            at = _model.End;
            if (usage.IsSet && usage.Start > _model.Start) WriteUsage(usage, hasMore, ref at, output);
        }

        output.Write(_body[at..]);
    }

    private readonly void WriteUsage(Edit usage, bool hasMore, ref int at, IBufferWriter<byte> output)
    {
        output.Write(_body[at..usage.Start]);
        at = usage.End;
        output.Write(usage.Kind switch
        {
            EditKind.Value => "true"u8,
            EditKind.Object => "{\"include_usage\":true}"u8,
            EditKind.OnlyMember => "\"include_usage\":true"u8,
            EditKind.Member => "\"include_usage\":true,"u8,
            _ => hasMore ? "\"stream_options\":{\"include_usage\":true},"u8 : "\"stream_options\":{\"include_usage\":true}"u8,
        });
    }

    /// <summary>Where the URL names the model, the body may repeat it with its collection.</summary>
    private readonly void WriteModel(ReadOnlySpan<byte> model, bool isModelInUrl, IBufferWriter<byte> output)
    {
        if (isModelInUrl && _body[_model.Start..].StartsWith("\"models/"u8) && !model.Contains((byte)'/'))
        {
            output.Write("\"models/"u8);
            output.Write(model[1..]);
            return;
        }

        output.Write(model);
    }

    private enum EditKind
    {
        None,
        Value,
        Object,
        OnlyMember,
        Member,
        Options,
    }

    private readonly record struct Edit(int Start, int End)
    {
        public EditKind Kind { get; init; }

        public bool IsSet => End > 0;
    }
}
