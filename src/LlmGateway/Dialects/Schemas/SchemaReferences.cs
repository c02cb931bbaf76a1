using System.Text.Json;
using System.Text.Json.Nodes;

namespace LlmGateway.Dialects.Schemas;

/// <summary>
/// The references within a schema. Vendors know <c>#/$defs/…</c>; a pointer to any other place is given a name there, since
/// the place may not be the same once the schema has been turned.
/// </summary>
internal static class SchemaReferences
{
    private const string Names = "#/$defs/";

    /// <returns>What is wrong with a reference; null for nothing.</returns>
    public static string? Name(JsonObject root)
    {
        if (root["definitions"] is JsonObject && root["$defs"] is null) Rename(root);
        var made = new Dictionary<string, string>();
        var pending = new Queue<JsonObject>(Holders(root));
        while (pending.TryDequeue(out var holder))
        {
            var reference = holder["$ref"]!.GetValue<string>();
            if (IsName(reference) && Find(root, reference) is not null) continue;
            if (made.TryGetValue(reference, out var known))
            {
                holder["$ref"] = Names + known;
                continue;
            }

            if (Find(root, reference) is not { } target) return $"the reference '{reference}', which points to nothing in the schema";
            var copy = target.DeepClone();
            if (copy is JsonObject whole) whole.Remove("$defs");
            var definitions = root["$defs"] as JsonObject ?? [];
            if (definitions.Parent is null) root["$defs"] = definitions;
            var name = FreeName(definitions, reference);
            definitions[name] = copy;
            made[reference] = name;
            holder["$ref"] = Names + name;
            foreach (var inner in Holders(copy)) pending.Enqueue(inner);
        }

        return null;
    }

    /// <summary>The name that a reference gives, after <see cref="Name"/>.</summary>
    public static string NameOf(string reference) => Unescape(reference[Names.Length..]);

    /// <summary>All schemas that hold a reference, the schema itself included.</summary>
    public static IEnumerable<JsonObject> Holders(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject schema:
                if (schema["$ref"] is JsonValue value && value.GetValueKind() == JsonValueKind.String) yield return schema;
                foreach (var (name, child) in schema.ToList())
                {
                    if (name is "enum" or "const" or "default" or "examples") continue;
                    foreach (var holder in Holders(child)) yield return holder;
                }

                break;
            case JsonArray items:
                foreach (var item in items)
                {
                    foreach (var holder in Holders(item)) yield return holder;
                }

                break;
        }
    }

    private static bool IsName(string reference)
        => reference.StartsWith(Names, StringComparison.Ordinal) && !reference.AsSpan(Names.Length).Contains('/');

    private static JsonNode? Find(JsonNode root, string reference)
    {
        if (reference == "#") return root;
        if (!reference.StartsWith("#/", StringComparison.Ordinal)) return null;
        JsonNode? target = root;
        foreach (var step in reference[2..].Split('/'))
        {
            var name = Unescape(step);
            target = target switch
            {
                JsonObject parent => parent[name],
                JsonArray items => int.TryParse(name, out var index) && index >= 0 && index < items.Count ? items[index] : null,
                _ => null,
            };
        }

        return target is JsonObject or JsonValue ? target : null;
    }

    /// <summary>The older drafts' name for it, where it is the only one.</summary>
    private static void Rename(JsonObject root)
    {
        var definitions = root["definitions"]!;
        root.Remove("definitions");
        root["$defs"] = definitions;
        const string older = "#/definitions/";
        foreach (var holder in Holders(root).ToList())
        {
            if (holder["$ref"]!.GetValue<string>() is var reference && reference.StartsWith(older, StringComparison.Ordinal)) holder["$ref"] = Names + reference[older.Length..];
        }
    }

    private static string FreeName(JsonObject definitions, string reference)
    {
        var last = reference == "#" ? "root" : Unescape(reference[(reference.LastIndexOf('/') + 1)..]);
        var name = string.Concat(last.Where(c => char.IsAsciiLetterOrDigit(c) || c == '_'));
        if (name.Length == 0 || char.IsAsciiDigit(name[0])) name = "part" + name;
        var free = name;
        for (var number = 2; definitions.ContainsKey(free); number++) free = name + number;
        return free;
    }

    private static string Unescape(string step)
        => Uri.UnescapeDataString(step).Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
}
