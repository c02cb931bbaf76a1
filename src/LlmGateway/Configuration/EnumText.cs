namespace LlmGateway.Configuration;

/// <summary>Enumerations as settings write them: <c>WorstCase</c> is <c>worst_case</c>.</summary>
internal static class EnumText
{
    public static string Write<TEnum>(TEnum value)
        where TEnum : struct, Enum
        => Snake(value.ToString());

    /// <summary>By name alone, in any case: Enum.TryParse also takes numbers and lists.</summary>
    public static bool TryRead<TEnum>(string text, out TEnum value)
        where TEnum : struct, Enum
    {
        foreach (var candidate in Enum.GetValues<TEnum>())
        {
            value = candidate;
            if (string.Equals(Write(candidate), text, StringComparison.OrdinalIgnoreCase)) return true;
        }

        value = default;
        return false;
    }

    public static IEnumerable<string> Names<TEnum>()
        where TEnum : struct, Enum
        => Enum.GetValues<TEnum>().Select(Write);

    private static string Snake(string name)
        => string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i == 0 ? "" : "_") + char.ToLowerInvariant(c) : c.ToString()));
}
