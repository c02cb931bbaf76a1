namespace LlmGateway.StructuredOutput.Validation;

internal ref partial struct SchemaWalk
{
    private bool CheckAnyOf(SchemaNode node, SchemaNode[] branches, int at, int track)
    {
        List<Finding>? nearest = null;
        var fits = false;
        foreach (var branch in branches)
        {
            if (!Try(branch, at, track, ref nearest)) continue;
            fits = true;
            if (track == Untracked) return true;
        }

        if (!fits) AddNearest(node, "anyOf", at, nearest);
        return fits;
    }

    private bool CheckOneOf(SchemaNode node, SchemaNode[] branches, int at, int track)
    {
        List<Finding>? nearest = null;
        var fitting = 0;
        foreach (var branch in branches)
        {
            if (Try(branch, at, track, ref nearest) && ++fitting > 1 && _findings is null) return false;
        }

        if (fitting == 0) AddNearest(node, "oneOf", at, nearest);
        return fitting < 2 ? fitting == 1 : Fail(node, "oneOf", at, $"fits {fitting} of the alternatives, and must fit exactly one", FindingKind.Other);
    }

    /// <summary>Whether an alternative fits. What it has seen to counts only then; its errors are kept apart, and the nearest ones stay.</summary>
    private bool Try(SchemaNode branch, int at, int track, ref List<Finding>? nearest)
    {
        var bits = _space.BitsTop;
        var set = PushLike(at, track);
        var before = _findings?.Swap([]);
        var fits = Check(branch, at, set);
        if (before is not null)
        {
            var errors = _findings!.Swap(before);
            if (!fits && (nearest is null || IsNearer(errors, nearest, _findings.Depth))) nearest = errors;
        }

        if (fits) MergeInto(track, set, at);
        _space.BitsTop = bits;
        return fits;
    }

    private readonly void AddNearest(SchemaNode node, string keyword, int at, List<Finding>? nearest)
    {
        if (_findings is null) return;
        if (nearest is null or []) Fail(node, keyword, at, "fits none of the alternatives", FindingKind.Other);
        else foreach (var finding in nearest) _findings.Add(finding.Error, finding.Depth, finding.Kind);
    }

    /// <summary>
    /// Of alternatives that do not fit, the nearest is the one that was meant: first of the right type, then with the right
    /// constant in a member, as one that says the kind; then the one with the fewest errors.
    /// </summary>
    private static bool IsNearer(List<Finding> one, List<Finding> other, int depth)
    {
        var (rank, otherRank) = (Rank(one, depth), Rank(other, depth));
        return rank < otherRank || (rank == otherRank && one.Count < other.Count);
    }

    private static int Rank(List<Finding> errors, int depth)
    {
        var rank = 0;
        foreach (var error in errors)
        {
            if (error.Depth == depth && error.Kind != FindingKind.Other) return 2;
            if (error.Depth == depth + 1 && error.Kind == FindingKind.Value) rank = 1;
        }

        return rank;
    }
}
