using System.Text.Json.Serialization.Metadata;

namespace LlmGateway.StructuredOutput;

/// <summary>The types that hold themselves, at any depth: only these need a name in a schema.</summary>
internal static class RecursiveTypes
{
    public static HashSet<Type> Of(JsonTypeInfo root)
    {
        var edges = new Dictionary<Type, List<Type>>();
        var isObject = new HashSet<Type>();
        Read(root, edges, isObject);

        // A list of trees is in the circle as well as the tree. The object alone is enough, where there is one.
        var found = edges.Keys.Where(type => isObject.Contains(type) && Reaches(type, type, edges, [])).ToHashSet();
        found.UnionWith(edges.Keys.Where(type => !isObject.Contains(type) && Reaches(type, type, edges, [.. found])).ToList());
        return found;
    }

    private static void Read(JsonTypeInfo type, Dictionary<Type, List<Type>> edges, HashSet<Type> isObject)
    {
        if (edges.ContainsKey(type.Type)) return;
        var next = edges[type.Type] = [];
        if (type.Kind == JsonTypeInfoKind.Object)
        {
            isObject.Add(type.Type);
            next.AddRange(type.Properties.Select(property => property.PropertyType));
            next.AddRange(type.PolymorphismOptions?.DerivedTypes.Select(derived => derived.DerivedType) ?? []);
        }
        else if (type.Kind is JsonTypeInfoKind.Enumerable or JsonTypeInfoKind.Dictionary && type.ElementType is { } element)
        {
            next.Add(element);
        }

        for (var i = 0; i < next.Count; i++)
        {
            next[i] = Nullable.GetUnderlyingType(next[i]) ?? next[i];
            if (type.Options.TryGetTypeInfo(next[i], out var info)) Read(info, edges, isObject);
        }
    }

    private static bool Reaches(Type from, Type target, Dictionary<Type, List<Type>> edges, HashSet<Type> seen)
        => edges.TryGetValue(from, out var next) && next.Any(type => type == target || (seen.Add(type) && Reaches(type, target, edges, seen)));
}
