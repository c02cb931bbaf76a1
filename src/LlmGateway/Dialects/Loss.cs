namespace LlmGateway.Dialects;

/// <summary>How losses are worded: each names the wire's or the middle's own word for what is lost, and the dialect that has no place for it.</summary>
internal static class Loss
{
    /// <summary>Reports something that the target dialect cannot say.</summary>
    /// <param name="losses">The losses so far.</param>
    /// <param name="what">What is lost, by its name in the middle or on the wire, such as <c>top_k</c>.</param>
    /// <param name="dialect">The dialect that has no place for it.</param>
    public static void NoPlace(this List<string> losses, string what, string dialect) => losses.Once($"{what} was left out: the {dialect} dialect has no place for it.");

    /// <summary>Reports the name of a schema that a caller gave on the wire; one that the client made up itself is nobody's loss.</summary>
    public static void NoPlaceForSchemaName(this List<string> losses, OutputSchema? output, string dialect)
    {
        if (output is { HasMadeUpName: false, Name: not "answer" }) losses.NoPlace("name of the output schema", dialect);
    }

    /// <summary>Reports something that this vendor or model refuses, though the dialect has a place for it.</summary>
    public static void Refused(this List<string> losses, string what, string by) => losses.Once($"{what} was left out: {by} refuses it.");

    /// <summary>Reports the members of a bag of another dialect.</summary>
    /// <param name="losses">The losses so far.</param>
    /// <param name="extensions">The bag; null for none.</param>
    /// <param name="dialect">The dialect that is written.</param>
    /// <param name="where">What the bag belongs to, such as <c>messages[].content[]</c>; empty for the request or reply itself.</param>
    /// <returns>The bag, where it is of this dialect and is to be written; else null.</returns>
    public static LlmExtensions? Own(this List<string> losses, LlmExtensions? extensions, string dialect, string where = "")
    {
        if (extensions is null || extensions.Dialect == dialect) return extensions;
        foreach (var name in extensions.Members.Keys) losses.NoPlace($"{extensions.Dialect}'s {(where.Length == 0 ? name : $"{where}.{name}")}", dialect);
        return null;
    }

    /// <summary>The same loss in many places is one loss.</summary>
    public static void Once(this List<string> losses, string loss)
    {
        if (!losses.Contains(loss)) losses.Add(loss);
    }
}
