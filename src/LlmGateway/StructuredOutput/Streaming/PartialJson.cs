using System.Text.Json;
using LlmGateway.StructuredOutput.Streaming;

namespace LlmGateway;

/// <summary>
/// A JSON value while it is being written: what has come of it, and whether it is finished. Nothing of it has been checked
/// against a type or a schema.
/// </summary>
/// <remarks>
/// Immutable and safe for concurrent use: what comes later shows in later snapshots only. Within one answer a value that is
/// complete stays as it is, a text grows at its end, and objects and lists grow in order. Since it is the model that decides
/// what stands where, nothing throws: what is asked of the wrong kind of value, or has not come, is not there.
/// </remarks>
public readonly struct PartialJson
{
    private readonly PartialDocument? _document;
    private readonly int _node;

    internal PartialJson(PartialDocument document, int node) => (_document, _node) = (document, node);

    /// <summary>What the value is; known from its first character. <see cref="JsonValueKind.Undefined"/> while nothing of it has come.</summary>
    public JsonValueKind Kind => Exists ? _document!.Kind(_node) : JsonValueKind.Undefined;

    /// <summary>Whether the value has been written to its end. A number's end is known from what follows it: <c>12</c> may become <c>123</c>.</summary>
    public bool IsComplete => Exists && _document!.IsWhole(_node);

    /// <summary>
    /// Whether what came is not JSON, so that the snapshots of this answer grow no more. The answer may still turn out
    /// well: it is read, and mended where that is safe, when it is whole. It may then differ from what was seen.
    /// </summary>
    public bool IsMalformed => _document is { IsMalformed: true };

    /// <summary>How many members of an object, or items of a list, have begun; 0 for other values.</summary>
    public int Count => Kind == JsonValueKind.Object ? EnumerateObject().Count() : EnumerateArray().Count();

    private bool Exists => _document is not null && _node >= 0;

    /// <summary>The member of a name, or nothing (<see cref="JsonValueKind.Undefined"/>) where it has not begun, so that chains need no checks.</summary>
    /// <param name="name">The member's name, as it stands in the JSON.</param>
    public PartialJson this[string name]
    {
        get
        {
            TryGetProperty(name, out var value);
            return value;
        }
    }

    /// <summary>Finds a member of an object.</summary>
    /// <param name="name">The member's name, as it stands in the JSON.</param>
    /// <param name="value">The member's value, finished or not; nothing where it has not begun. Of several with the same name it is the last, as in <see cref="JsonElement"/>.</param>
    /// <returns>Whether the member's value has begun.</returns>
    public bool TryGetProperty(string name, out PartialJson value)
    {
        ArgumentNullException.ThrowIfNull(name);
        var found = -1;
        foreach (var member in Members())
        {
            if (_document!.IsNamed(member, name)) found = member + 1;
        }

        value = _document is null ? default : new PartialJson(_document, found);
        return found >= 0;
    }

    /// <summary>The members of an object whose values have begun, in order. Only the last can be unfinished.</summary>
    /// <returns>Names and values; none for other values.</returns>
    public IEnumerable<KeyValuePair<string, PartialJson>> EnumerateObject()
    {
        foreach (var member in Members()) yield return new(_document!.Decode(member), new PartialJson(_document, member + 1));
    }

    /// <summary>The items of a list that have begun, in order. Only the last can be unfinished.</summary>
    /// <returns>The items; none for other values.</returns>
    public IEnumerable<PartialJson> EnumerateArray()
    {
        if (Kind != JsonValueKind.Array) yield break;
        var end = _document!.After(_node);
        for (var item = _node + 1; item < end; item = _document.After(item)) yield return new PartialJson(_document, item);
    }

    /// <summary>The text of a string, as far as it has come; never cut within a character.</summary>
    /// <returns>The text; null for other values.</returns>
    public string? GetString() => Kind == JsonValueKind.String ? _document!.Decode(_node) : null;

    /// <summary>The JSON text of a value that is complete.</summary>
    /// <returns>The text, as the model wrote it; null while the value is not complete.</returns>
    public string? GetRawText() => IsComplete ? new string(_document!.Text(_node)) : null;

    /// <summary>The JSON text as far as it has come, with <c>…</c> behind it where it is not complete.</summary>
    /// <returns>The text; <c>…</c> alone where nothing has come.</returns>
    public override string ToString()
        => GetRawText() ?? (Exists ? $"{PartialText.WithoutHalf(_document!.Text(_node))}…" : "…");

    /// <summary>The value of the first member where it has that name, else nothing: what a wrapper holds.</summary>
    internal PartialJson Unwrap(string name)
    {
        if (_document is null) return default;
        foreach (var member in Members()) return new PartialJson(_document, _document.IsNamed(member, name) ? member + 1 : -1);
        return new PartialJson(_document, -1);
    }

    /// <summary>The next item of a list, once it is complete.</summary>
    /// <param name="cursor">0 at first; moved behind the item. It stays good for later snapshots.</param>
    /// <param name="item">The item.</param>
    /// <returns>Whether there is one.</returns>
    internal bool TryNextItem(ref int cursor, out PartialJson item)
    {
        item = default;
        if (Kind != JsonValueKind.Array) return false;
        if (cursor == 0) cursor = _node + 1;
        if (cursor >= _document!.After(_node) || !_document.IsWhole(cursor)) return false;
        item = new PartialJson(_document, cursor);
        cursor = _document.After(cursor);
        return true;
    }

    /// <summary>The nodes of the names whose values have begun.</summary>
    private IEnumerable<int> Members()
    {
        if (Kind != JsonValueKind.Object) yield break;
        var end = _document!.After(_node);
        for (var name = _node + 1; name + 1 < end; name = _document.After(name + 1)) yield return name;
    }
}
