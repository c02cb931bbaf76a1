namespace LlmGateway.StructuredOutput.Extraction;

/// <summary>What stood around the value that was taken: it was passed over, and that is told.</summary>
internal static class Surroundings
{
    public static void AddTo(List<Repair> repairs, string text, Candidate taken, List<Candidate> all)
    {
        foreach (var other in all)
        {
            if (other != taken && other.Failure is null && !other.IsWeak) repairs.Add(new Repair(RepairKinds.OtherValue, other.Start));
        }

        if (text.Length > 0 && text[0] == '\uFEFF') repairs.Add(new Repair(RepairKinds.ByteOrderMark, 0));
        var hasFence = false;
        AddSide(repairs, text, 0, taken.Start, all, ref hasFence);
        AddSide(repairs, text, taken.End, text.Length, all, ref hasFence);
    }

    /// <summary>Of each side at most one fence and one stretch of text are told: where they begin.</summary>
    private static void AddSide(List<Repair> repairs, string text, int start, int end, List<Candidate> all, ref bool hasFence)
    {
        var hasText = false;
        var at = start;
        var next = 0;
        while (at < end)
        {
            while (next < all.Count && all[next].End <= at) next++;
            if (next < all.Count && all[next].Start <= at && all[next].Failure is null)
            {
                at = all[next].End;
            }
            else if (text[at] is '`' or '~')
            {
                var from = at;
                while (at < end && text[at] == text[from]) at++;
                while (at < end && (char.IsAsciiLetterOrDigit(text[at]) || text[at] is '-' or '+')) at++;
                if (!hasFence) repairs.Add(new Repair(RepairKinds.CodeFence, from));
                hasFence = true;
            }
            else
            {
                if (!char.IsWhiteSpace(text[at]) && text[at] != '\uFEFF' && !hasText)
                {
                    repairs.Add(new Repair(RepairKinds.SurroundingText, at));
                    hasText = true;
                    if (hasFence) return;
                }

                at++;
            }
        }
    }
}
