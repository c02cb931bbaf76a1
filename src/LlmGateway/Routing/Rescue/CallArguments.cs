using System.Text.Json;

namespace LlmGateway.Routing.Rescue;

/// <summary>The arguments of tool calls, compared as what they mean.</summary>
internal static class CallArguments
{
    /// <summary>Whether nothing can follow any more: an object that has ended. Half a call is none.</summary>
    public static bool AreComplete(string json)
    {
        using var document = Parse(json);
        return document?.RootElement.ValueKind == JsonValueKind.Object;
    }

    /// <summary>Whether two texts are the same JSON, whatever their spaces and the order of their members; of what is no JSON, the same text.</summary>
    public static bool AreEqual(string left, string right)
    {
        if (left == right) return true;
        using var one = Parse(left);
        using var other = Parse(right);
        return one is not null && other is not null && JsonElement.DeepEquals(one.RootElement, other.RootElement);
    }

    private static JsonDocument? Parse(string json)
    {
        try
        {
            return JsonDocument.Parse(json);
        }
        catch (JsonException)
        {
            return null;
        }
        catch (ArgumentException)
        {
            // Half a surrogate pair.
            return null;
        }
    }
}
