namespace LlmGateway.StructuredOutput.Validation;

/// <summary>The memory of one walk, kept for the next one on the same thread.</summary>
internal sealed class Workspace
{
    /// <summary>More than this is given back: one huge value must not hold memory for ever.</summary>
    private const int MaxKeptTokens = 64 * 1024;

    [ThreadStatic]
    private static Workspace? _kept;

    private JsonToken[] _tokens = new JsonToken[256];
    private ulong[] _bits = new ulong[16];
    private int _bitsTop;
    private SchemaResource[] _scope = new SchemaResource[8];
    private int _scopeTop;

    public ref JsonToken[] Tokens => ref _tokens;

    /// <summary>How much of the sets is in use; to be set back after <see cref="Push"/>.</summary>
    public int BitsTop
    {
        get => _bitsTop;
        set => _bitsTop = value;
    }

    /// <summary>The resources on the way, the first one outermost.</summary>
    public ReadOnlySpan<SchemaResource> Scope => _scope.AsSpan(0, _scopeTop);

    public static Workspace Rent()
    {
        var rented = _kept ?? new Workspace();
        _kept = null;
        return rented;
    }

    public void Return()
    {
        if (_tokens.Length > MaxKeptTokens) return;
        _bitsTop = 0;
        Array.Clear(_scope, 0, _scopeTop); // The schema may be needed by nobody else.
        _scopeTop = 0;
        _kept = this;
    }

    /// <summary>An empty set of so many numbers from 0.</summary>
    public int Push(int count)
    {
        var start = _bitsTop;
        _bitsTop += Words(count);
        if (_bitsTop > _bits.Length) Array.Resize(ref _bits, Math.Max(_bitsTop, _bits.Length * 2));
        _bits.AsSpan(start, _bitsTop - start).Clear();
        return start;
    }

    public void Mark(int set, int number) => _bits[set + (number >> 6)] |= 1UL << number;

    public bool IsMarked(int set, int number) => (_bits[set + (number >> 6)] & (1UL << number)) != 0;

    public void MarkAll(int set, int count) => _bits.AsSpan(set, Words(count)).Fill(ulong.MaxValue);

    public void Merge(int from, int to, int count)
    {
        for (var i = 0; i < Words(count); i++) _bits[to + i] |= _bits[from + i];
    }

    public void EnterScope(SchemaResource resource)
    {
        if (_scopeTop == _scope.Length) Array.Resize(ref _scope, _scopeTop * 2);
        _scope[_scopeTop++] = resource;
    }

    public void LeaveScope() => _scopeTop--;

    private static int Words(int count) => (count + 63) >> 6;
}
