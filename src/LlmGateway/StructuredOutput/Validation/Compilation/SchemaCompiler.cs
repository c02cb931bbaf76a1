using System.Runtime.InteropServices;
using System.Text.Json;

namespace LlmGateway.StructuredOutput.Validation;

/// <summary>Turns a schema's JSON into rules, and refuses what is malformed by its place.</summary>
internal sealed partial class SchemaCompiler
{
    /// <summary>Of JSON, not of schemas: two levels make one of these.</summary>
    public const int MaxJsonDepth = 1024;

    private readonly JsonSchemaOptions _options;
    private readonly SchemaLibrary _library;
    private readonly Dictionary<(SchemaSource, int), SchemaNode> _nodes = [];
    private readonly Queue<(SchemaNode Node, JsonElement Schema)> _pending = [];
    private readonly Dictionary<string, SchemaPattern> _patterns = new(StringComparer.Ordinal);
    private readonly HashSet<SchemaResource> _resources = [];
    private readonly HashSet<string> _dynamicNames = new(StringComparer.Ordinal);

    private SchemaCompiler(JsonSchemaOptions options)
    {
        _options = options;
        _library = new SchemaLibrary(options);
    }

    /// <exception cref="JsonSchemaException">The schema cannot be used.</exception>
    public static CompiledSchema Compile(JsonElement document, JsonSchemaOptions options)
    {
        var own = Own(document, options, name: null);
        try
        {
            var compiler = new SchemaCompiler(options);
            var root = compiler._library.Add(null, own);
            var node = compiler.Node(own, root, SchemaPlace.Root);
            compiler.CompilePending();
            EnsureEnd(compiler._nodes.Values, options.MaxSchemaDepth);
            return new CompiledSchema(own, node, options, compiler._dynamicNames.Count > 0);
        }
        catch (InvalidOperationException e)
        {
            throw new JsonSchemaException("JSON schema, #: a keyword's or a member's name holds half of a surrogate pair, which is no text.", "", e);
        }
    }

    /// <summary>A copy of a document, known to be within the limits and to have no name twice.</summary>
    public static JsonElement Own(JsonElement document, JsonSchemaOptions options, string? name)
    {
        var where = $"JSON schema{(name is null ? "" : $" '{name}'")}, #:";
        if (document.ValueKind == JsonValueKind.Undefined) throw new JsonSchemaException($"{where} there is none.", "");
        var json = JsonMarshal.GetRawUtf8Value(document);
        if (json.Length > options.MaxSchemaBytes) throw new JsonSchemaException($"{where} it has {json.Length} bytes, more than JsonSchemaOptions.MaxSchemaBytes, {options.MaxSchemaBytes}.", "");
        try
        {
            // A reader has passed it already, perhaps with comments. The copy needs no disposal, as it stands on an array of its own.
            return JsonDocument.Parse(json.ToArray(), new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = MaxJsonDepth, CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true }).RootElement;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new JsonSchemaException($"{where} it is nested too deeply, has a name twice in one object, or text that is not Unicode ({e.Message}).", "", e);
        }
    }

    /// <summary>The rules of a schema: filled later, so that a schema that refers to itself finds itself.</summary>
    private SchemaNode Node(JsonElement schema, SchemaResource around, SchemaPlace place)
    {
        if (!Subschemas.IsSchema(schema)) throw around.Source.Refuse(place, "a schema must be an object, true or false");
        var key = (around.Source, around.Source.OffsetOf(schema));
        if (_nodes.TryGetValue(key, out var known)) return known;
        var resource = around.Source.ResourceOf(schema, around);
        var node = new SchemaNode(resource, place);
        _nodes[key] = node;
        _resources.Add(resource);
        _pending.Enqueue((node, schema));
        return node;
    }

    private void CompilePending()
    {
        do
        {
            while (_pending.TryDequeue(out var next))
            {
                if (next.Schema.ValueKind == JsonValueKind.Object) new KeywordReader(this, next.Node, next.Schema).Read();
                else if (next.Node.Resource.Dialect.Is4 && !MayBeBoolean(next.Node.Place)) throw next.Node.Resource.Source.Refuse(next.Node.Place, "a schema of draft 4 must be an object");
                else (next.Node.IsTrue, next.Node.IsFalse) = (next.Schema.ValueKind == JsonValueKind.True, next.Schema.ValueKind == JsonValueKind.False);
            }

            // What a dynamic reference finds in each resource that may be on the way to it.
            foreach (var resource in _resources.ToArray())
            {
                foreach (var name in _dynamicNames)
                {
                    if (!resource.DynamicAnchors.Contains(name) || resource.DynamicNodes.ContainsKey(name)) continue;
                    var (schema, place) = resource.Anchors[name];
                    resource.DynamicNodes[name] = Node(schema, resource, place);
                }
            }
        }
        while (_pending.Count > 0);
    }

    private static bool MayBeBoolean(SchemaPlace place) => place.Step is "additionalProperties" or "additionalItems";

    /// <summary>A schema may hold itself one level down, and not at the same level: no value would ever be done with.</summary>
    private static void EnsureEnd(IEnumerable<SchemaNode> nodes, int maxDepth)
    {
        var ended = new HashSet<SchemaNode>();
        var above = new HashSet<SchemaNode>();
        var path = new Stack<(SchemaNode Node, IEnumerator<SchemaNode> Next)>();
        foreach (var start in nodes)
        {
            Enter(start);
            while (path.TryPeek(out var top))
            {
                if (top.Next.MoveNext())
                {
                    Enter(top.Next.Current);
                    continue;
                }

                path.Pop();
                above.Remove(top.Node);
                ended.Add(top.Node);
            }
        }

        void Enter(SchemaNode node)
        {
            if (ended.Contains(node)) return;
            if (!above.Add(node)) throw node.Resource.Source.Refuse(node.Place, "the schema refers to itself without end");
            if (above.Count > maxDepth) throw node.Resource.Source.Refuse(node.Place, $"more than {maxDepth} schemas, one through the other, speak of the same value");
            path.Push((node, node.OfSameValue().GetEnumerator()));
        }
    }

    private SchemaPattern Pattern(string source, SchemaResource resource, SchemaPlace place)
    {
        if (_patterns.TryGetValue(source, out var known)) return known;
        try
        {
            return _patterns[source] = SchemaPattern.Compile(source, _options.MaxPatternTime);
        }
        catch (Exception e) when (e is PatternException or ArgumentException)
        {
            throw resource.Source.Refuse(place, $"the pattern '{source}' cannot be used: {e.Message.TrimEnd('.')}");
        }
    }
}
