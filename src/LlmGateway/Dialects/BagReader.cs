using System.Text.Json;

namespace LlmGateway.Dialects;

/// <summary>Collects the members of a JSON object that the middle has no name for.</summary>
internal static class BagReader
{
    /// <summary>All members but the known ones, as a bag; null where there are none.</summary>
    public static LlmExtensions? Rest(JsonElement element, string dialect, Func<string, bool> isKnown)
    {
        if (element.ValueKind != JsonValueKind.Object) return null;
        List<KeyValuePair<string, string>>? rest = null;
        foreach (var member in element.EnumerateObject())
        {
            if (!isKnown(member.Name)) (rest ??= []).Add(new(member.Name, member.Value.GetRawText()));
        }

        return rest is null ? null : new LlmExtensions(dialect, rest);
    }
}
