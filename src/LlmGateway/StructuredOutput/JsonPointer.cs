using System.Globalization;
using System.Text;
using System.Text.Json;

namespace LlmGateway.StructuredOutput;

/// <summary>JSON Pointers (RFC 6901) as text.</summary>
internal static class JsonPointer
{
    public static string Escape(string name)
        => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    public static string Unescape(string step)
        => step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);

    /// <summary>The value at a pointer; null where there is none.</summary>
    public static JsonElement? Find(JsonElement root, string pointer)
    {
        var at = root;
        foreach (var step in pointer.Split('/').Skip(1))
        {
            switch (at.ValueKind)
            {
                case JsonValueKind.Object when at.TryGetProperty(Unescape(step), out var member):
                    at = member;
                    break;
                case JsonValueKind.Array when int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < at.GetArrayLength():
                    at = at[index];
                    break;
                default:
                    return null;
            }
        }

        return at;
    }

    /// <summary>The pointer for a path as System.Text.Json writes it: <c>$.items[0]['odd.name']</c>.</summary>
    public static string FromJsonPath(string? path)
    {
        if (string.IsNullOrEmpty(path) || path == "$") return "";
        var pointer = new StringBuilder();
        var i = 1;
        while (i < path.Length)
        {
            int end;
            if (path.AsSpan(i).StartsWith("['"))
            {
                end = path.IndexOf("']", i, StringComparison.Ordinal);
                if (end < 0) end = path.Length;
                pointer.Append('/').Append(Escape(path[(i + 2)..end]));
                i = Math.Min(end + 2, path.Length);
            }
            else if (path[i] == '[')
            {
                end = path.IndexOf(']', i);
                if (end < 0) end = path.Length;
                pointer.Append('/').Append(path, i + 1, end - i - 1);
                i = Math.Min(end + 1, path.Length);
            }
            else
            {
                end = path.IndexOfAny(['.', '['], i + 1);
                if (end < 0) end = path.Length;
                pointer.Append('/').Append(Escape(path[(i + 1)..end]));
                i = end;
            }
        }

        return pointer.ToString();
    }
}
