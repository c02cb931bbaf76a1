using System.Runtime.InteropServices;
using System.Text.Json;

namespace LlmGateway.StructuredOutput.Extraction;

/// <summary>Finds escapes of half a surrogate pair: they parse, and whoever reads the text of them gets an exception.</summary>
internal static class HalfSurrogates
{
    /// <summary>The error of the first; null where there is none.</summary>
    public static ValidationError? ErrorOf(JsonElement root)
        => Find(root) is { } place ? new ValidationError(place, "holds half of a surrogate pair, which is no text") : null;

    /// <summary>The pointer to the first; null where there is none.</summary>
    public static string? Find(JsonElement root)
        => JsonMarshal.GetRawUtf8Value(root).IndexOf("\\u"u8) < 0 ? null : Find(root, new JsonPlace());

    private static string? Find(JsonElement value, JsonPlace at)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                return IsText(value) ? null : at.ToString();
            case JsonValueKind.Array:
                var index = 0;
                foreach (var item in value.EnumerateArray())
                {
                    at.Enter(index++);
                    if (Find(item, at) is { } found) return found;
                    at.Leave();
                }

                return null;
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject())
                {
                    if (NameOf(member) is not { } name) return at.ToString();
                    at.Enter(name);
                    if (Find(member.Value, at) is { } found) return found;
                    at.Leave();
                }

                return null;
            default:
                return null;
        }
    }

    private static bool IsText(JsonElement text)
    {
        if (JsonMarshal.GetRawUtf8Value(text).IndexOf("\\u"u8) < 0) return true;
        try
        {
            return text.GetString() is not null;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static string? NameOf(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
