namespace LlmGateway.StructuredOutput.Validation;

/// <summary>Equality of JSON values as schemas mean it: numbers by value, objects without order. One with a repeated name is only equal to one that is written in the same order.</summary>
internal static class JsonEquality
{
    public static bool Same(in JsonTape left, int leftAt, in JsonTape right, int rightAt)
    {
        ref readonly var one = ref left[leftAt];
        ref readonly var other = ref right[rightAt];
        if (one.Type != other.Type || one.Count != other.Count) return false;
        return one.Type switch
        {
            JsonTypes.Number => SameNumber(left.Text(one), right.Text(other)),
            JsonTypes.String => left.Text(one).SequenceEqual(right.Text(other)),
            JsonTypes.Array => SameItems(left, leftAt, right, rightAt),
            JsonTypes.Object => SameMembers(left, leftAt, right, rightAt),
            _ => one.Length == other.Length, // null; true and false differ in length.
        };
    }

    /// <summary>The same for equal values; not known to whoever writes them.</summary>
    public static int Hash(in JsonTape tape, int at)
    {
        ref readonly var token = ref tape[at];
        var hash = new HashCode();
        hash.Add((int)token.Type);
        switch (token.Type)
        {
            case JsonTypes.Number:
                hash.Add(ExactNumber.Parse(tape.Text(token), stackalloc byte[ExactNumber.Scratch]).GetHashCode());
                break;
            case JsonTypes.String:
                hash.AddBytes(tape.Text(token));
                break;
            case JsonTypes.Array:
                for (var item = at + 1; item < token.End; item = tape[item].End) hash.Add(Hash(tape, item));
                break;
            case JsonTypes.Object:
                hash.Add(HashMembers(tape, at));
                break;
            default:
                hash.Add(token.Length);
                break;
        }

        return hash.ToHashCode();
    }

    /// <summary>Without order, so that it is a sum.</summary>
    private static int HashMembers(in JsonTape tape, int at)
    {
        var sum = 0;
        for (var name = at + 1; name < tape[at].End; name = tape[name + 1].End)
        {
            var hash = new HashCode();
            hash.AddBytes(tape.Text(tape[name]));
            hash.Add(Hash(tape, name + 1));
            sum += hash.ToHashCode();
        }

        return sum;
    }

    private static bool SameNumber(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
        => left.SequenceEqual(right)
            || ExactNumber.Compare(ExactNumber.Parse(left, stackalloc byte[ExactNumber.Scratch]), ExactNumber.Parse(right, stackalloc byte[ExactNumber.Scratch])) == 0;

    private static bool SameItems(in JsonTape left, int leftAt, in JsonTape right, int rightAt)
    {
        var (one, other) = (leftAt + 1, rightAt + 1);
        for (var end = left[leftAt].End; one < end; one = left[one].End, other = right[other].End)
        {
            if (!Same(left, one, right, other)) return false;
        }

        return true;
    }

    private static bool SameMembers(in JsonTape left, int leftAt, in JsonTape right, int rightAt)
    {
        var (one, other) = (leftAt + 1, rightAt + 1);
        var end = left[leftAt].End;
        while (one < end)
        {
            if (!left.Text(left[one]).SequenceEqual(right.Text(right[other]))) return SameMembersInAnyOrder(left, leftAt, right, rightAt);
            if (!Same(left, one + 1, right, other + 1)) return false;
            (one, other) = (left[one + 1].End, right[other + 1].End);
        }

        return true;
    }

    private static bool SameMembersInAnyOrder(in JsonTape left, int leftAt, in JsonTape right, int rightAt)
    {
        var (mine, others) = (ByName(left, leftAt), ByName(right, rightAt));
        if (mine.Count != left[leftAt].Count || others.Count != mine.Count) return false;
        foreach (var (name, value) in mine)
        {
            if (!others.TryGetValue(name, out var other) || !Same(left, value, right, other)) return false;
        }

        return true;
    }

    private static Dictionary<string, int> ByName(in JsonTape tape, int at)
    {
        var members = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var name = at + 1; name < tape[at].End; name = tape[name + 1].End) members[JsonText.ToString(tape.Text(tape[name]))] = name + 1;
        return members;
    }
}
