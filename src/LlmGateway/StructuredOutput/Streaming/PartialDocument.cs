namespace LlmGateway.StructuredOutput.Streaming;

/// <summary>What had been read at one moment. The arrays are the reader's own: it writes only behind what is counted here.</summary>
internal sealed class PartialDocument(char[] text, int length, PartialNode[] nodes, int count, bool isMalformed)
{
    public bool IsMalformed => isMalformed;

    /// <summary>How many nodes had begun.</summary>
    public int Count => count;

    public char First(int node) => text[nodes[node].Start];

    /// <remarks>That a number has ended is known when what follows it has been read.</remarks>
    public bool IsWhole(int node) => nodes[node].End is > 0 and var end && (end < length || (end == length && First(node) is not ('-' or (>= '0' and <= '9'))));

    /// <summary>The text of a node, as far as it had come.</summary>
    public ReadOnlySpan<char> Text(int node) => text.AsSpan(nodes[node].Start..(IsWhole(node) ? nodes[node].End : length));

    /// <summary>The first node behind a value.</summary>
    public int After(int node)
    {
        if (!IsWhole(node)) return count;
        return First(node) is '{' or '[' ? nodes[node].Next : node + 1;
    }

    /// <summary>The text of a string, as far as it had come.</summary>
    public string Decode(int node)
    {
        var isWhole = IsWhole(node);
        return PartialText.Decode(isWhole ? Text(node)[1..^1] : Text(node)[1..], isWhole);
    }

    public bool IsNamed(int node, ReadOnlySpan<char> name)
    {
        var raw = Text(node)[1..^1];
        return raw.Contains('\\') ? name.SequenceEqual(PartialText.Decode(raw, isWhole: true)) : name.SequenceEqual(raw);
    }
}
