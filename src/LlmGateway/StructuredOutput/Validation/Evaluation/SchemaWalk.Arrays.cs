namespace LlmGateway.StructuredOutput.Validation;

internal ref partial struct SchemaWalk
{
    /// <summary>Up to so many items, to compare each with each is the quickest.</summary>
    private const int MaxPairwise = 10;

    private bool CheckArray(SchemaNode node, ArrayRules rules, int at, int track)
    {
        ref readonly var container = ref _tape[at];
        var fits = true;
        if (container.Count < rules.MinItems)
        {
            if (_findings is null) return false;
            fits = Fail(node, "minItems", at, $"has {Count(container.Count, "item")}, and must have at least {rules.MinItems}", FindingKind.Other);
        }

        if (container.Count > rules.MaxItems)
        {
            if (_findings is null) return false;
            fits = Fail(node, "maxItems", at, $"has {Count(container.Count, "item")}, and must have at most {rules.MaxItems}", FindingKind.Other);
        }

        if (rules.UniqueItems && container.Count > 1 && !CheckUnique(node, at))
        {
            if (_findings is null) return false;
            fits = false;
        }

        if ((rules.Rest ?? rules.Contains) is null && rules.Prefix.Length == 0) return fits;
        if (!CheckItems(rules, at, track))
        {
            if (_findings is null) return false;
            fits = false;
        }

        return (rules.Contains is null || CheckContains(node, rules, at, track)) && fits;
    }

    private bool CheckItems(ArrayRules rules, int at, int track)
    {
        var fits = true;
        var end = _tape[at].End;
        var index = 0;
        for (var item = at + 1; item < end; item = _tape[item].End, index++)
        {
            if ((index < rules.Prefix.Length ? rules.Prefix[index] : rules.Rest) is not { } schema) break;
            if (track != Untracked) _space.Mark(track, index);
            if (CheckItem(schema, item, index)) continue;
            if (_findings is null) return false;
            fits = false;
        }

        return fits;
    }

    private bool CheckItem(SchemaNode schema, int item, int index)
    {
        if (_findings is null) return Check(schema, item, Untracked);
        _findings.EnterItem(index);
        var fits = Check(schema, item, Untracked);
        _findings.Leave();
        return fits;
    }

    private bool CheckContains(SchemaNode node, ArrayRules rules, int at, int track)
    {
        var end = _tape[at].End;
        var (index, count) = (0, 0);
        for (var item = at + 1; item < end; item = _tape[item].End, index++)
        {
            if (!CheckQuietly(rules.Contains!, item, Untracked)) continue;
            count++;
            if (track != Untracked) _space.Mark(track, index);
            else if (count >= rules.MinContains && rules.MaxContains == long.MaxValue) return true;
        }

        if (count < rules.MinContains)
        {
            return Fail(node, rules.MinContains == 1 ? "contains" : "minContains", at, $"has {Count(count, "item")} of the kind that it must contain, and must have at least {rules.MinContains}", FindingKind.Other);
        }

        return count <= rules.MaxContains
            || Fail(node, "maxContains", at, $"has {Count(count, "item")} of the kind that it must contain, and must have at most {rules.MaxContains}", FindingKind.Other);
    }

    private bool CheckUnique(SchemaNode node, int at)
    {
        var count = _tape[at].Count;
        var fits = true;
        var items = count <= MaxPairwise ? stackalloc int[MaxPairwise] : new int[count];
        var hashes = count <= MaxPairwise ? null : new Dictionary<int, int>(count);
        var sameHash = count <= MaxPairwise ? null : new int[count];
        var index = 0;
        for (var item = at + 1; index < count; item = _tape[item].End, index++)
        {
            items[index] = item;
            if (!(hashes is null ? IsAmong(items[..index], item) : IsAmong(items, item, index, hashes, sameHash!))) continue;
            if (_findings is null) return false;
            _findings.EnterItem(index);
            fits = Fail(node, "uniqueItems", item, "stands in the array more than once", FindingKind.Other);
            _findings.Leave();
        }

        return fits;
    }

    private bool IsAmong(scoped ReadOnlySpan<int> before, int item)
    {
        _steps += before.Length;
        foreach (var other in before)
        {
            if (JsonEquality.Same(_tape, item, _tape, other)) return true;
        }

        return false;
    }

    /// <summary>With the items chained by their hashes, so that many items take no longer than their text.</summary>
    private bool IsAmong(scoped ReadOnlySpan<int> items, int item, int index, Dictionary<int, int> hashes, int[] sameHash)
    {
        var hash = JsonEquality.Hash(_tape, item);
        sameHash[index] = hashes.TryGetValue(hash, out var latest) ? latest : -1;
        hashes[hash] = index;
        for (var other = sameHash[index]; other >= 0; other = sameHash[other])
        {
            _steps++;
            if (JsonEquality.Same(_tape, item, _tape, items[other])) return true;
        }

        return false;
    }

    private bool CheckUnevaluatedItems(SchemaNode node, int at, int seenTo)
    {
        var fits = true;
        var end = _tape[at].End;
        var index = 0;
        for (var item = at + 1; item < end; item = _tape[item].End, index++)
        {
            if (_space.IsMarked(seenTo, index)) continue;
            if (node.UnevaluatedItems!.IsFalse)
            {
                if (_findings is null) return false;
                _findings.EnterItem(index);
                fits = Fail(node, "unevaluatedItems", item, "is not a known item, and no others are allowed", FindingKind.Other);
                _findings.Leave();
                continue;
            }

            if (CheckItem(node.UnevaluatedItems, item, index)) continue;
            if (_findings is null) return false;
            fits = false;
        }

        return fits;
    }
}
