using System.Text.Json;

namespace LlmGateway.StructuredOutput.Validation;

/// <summary>All documents that a schema needs, and where references in them lead.</summary>
internal sealed class SchemaLibrary(JsonSchemaOptions options)
{
    private readonly Dictionary<string, SchemaResource> _byUri = new(StringComparer.Ordinal);
    private bool _hasAll;

    /// <summary>Takes in a document.</summary>
    /// <param name="name">The URI by which it was looked up; null for the main schema.</param>
    /// <param name="root">The document.</param>
    public SchemaResource Add(string? name, JsonElement root)
    {
        var source = new SchemaSource(name, root);
        var dialect = SchemaDialect.Of(options.DefaultDraft);
        if (DialectOf(root, source, SchemaPlace.Root) is { } own) dialect = own;
        var uri = IdOf(root, dialect, source, SchemaPlace.Root) is { Length: > 0 } id ? UriReference.Resolve(name ?? "", id) : name ?? "";
        var resource = new SchemaResource(source, uri, dialect, root, SchemaPlace.Root);
        source.Add(root, resource);
        _byUri[uri] = resource;
        if (name is not null) _byUri.TryAdd(name, resource);
        Scan(root, resource, SchemaPlace.Root);
        return resource;
    }

    /// <summary>What a reference means, seen from a resource.</summary>
    /// <returns>The schema, the resource that it belongs to, its place; and the anchor that named it, null where it was no anchor.</returns>
    public (JsonElement Schema, SchemaResource Resource, SchemaPlace Place, string? Anchor) Resolve(string reference, SchemaResource from, SchemaPlace at)
    {
        var (relative, fragment) = UriReference.Split(reference);
        var uri = UriReference.Resolve(from.Uri, relative);
        var resource = Find(uri) ?? throw from.Source.Refuse(at, $"'{reference}' refers to '{uri}', which is not registered among JsonSchemaOptions.Documents; nothing is fetched");
        if (fragment.Length == 0) return (resource.Root, resource, resource.Place, null);
        var pointer = Uri.UnescapeDataString(fragment);
        if (pointer[0] == '/') return Walk(pointer, resource) ?? throw from.Source.Refuse(at, $"'{reference}' points to nothing");
        return resource.Anchors.TryGetValue(pointer, out var anchor)
            ? (anchor.Schema, resource, anchor.Place, pointer)
            : throw from.Source.Refuse(at, $"'{reference}' names an anchor that is not there");
    }

    private SchemaResource? Find(string uri)
    {
        if (_byUri.TryGetValue(uri, out var known)) return known;
        if ((options.Documents.Find(uri) ?? MetaSchemas.Find(uri)) is { } document) return Add(uri, Checked(document, uri));
        if (_hasAll) return null;

        // It may be the $id of a part of a document.
        _hasAll = true;
        foreach (var name in options.Documents.Uris)
        {
            if (!_byUri.ContainsKey(name)) Add(name, Checked(options.Documents.Find(name)!.Value, name));
        }

        return _byUri.GetValueOrDefault(uri);
    }

    private JsonElement Checked(JsonElement document, string name) => SchemaCompiler.Own(document, options, name);

    private static (JsonElement, SchemaResource, SchemaPlace, string?)? Walk(string pointer, SchemaResource start)
    {
        var (element, resource, place) = (start.Root, start, start.Place);
        foreach (var raw in pointer.Split('/').Skip(1))
        {
            var step = JsonPointer.Unescape(raw);
            if (element.ValueKind == JsonValueKind.Object)
            {
                if (!element.TryGetProperty(step, out element)) return null;
            }
            else if (element.ValueKind != JsonValueKind.Array || !int.TryParse(step, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var index) || index >= element.GetArrayLength())
            {
                return null;
            }
            else
            {
                element = element[index];
            }

            place = place.At(step);
            resource = resource.Source.ResourceOf(element, resource);
        }

        return (element, resource, place, null);
    }

    /// <summary>Finds what has a name within a resource: parts with an <c>$id</c>, and anchors.</summary>
    private void Scan(JsonElement schema, SchemaResource around, SchemaPlace place)
    {
        var pending = new Queue<(JsonElement, SchemaResource, SchemaPlace)>();
        pending.Enqueue((schema, around, place));
        while (pending.TryDequeue(out var next))
        {
            (schema, around, place) = next;
            if (schema.ValueKind != JsonValueKind.Object) continue;
            if (place.Depth > options.MaxSchemaDepth * 2) throw around.Source.Refuse(place, $"schemas stand in each other more than {options.MaxSchemaDepth} deep");
            var resource = ReferenceEquals(place, around.Place) ? around : Own(schema, around, place);
            AddAnchors(schema, resource, place);
            foreach (var (part, partPlace) in Subschemas.Of(schema, resource.Dialect, place)) pending.Enqueue((part, resource, partPlace));
        }
    }

    /// <summary>The resource that a part begins where it has an <c>$id</c>; else the one around it.</summary>
    private SchemaResource Own(JsonElement schema, SchemaResource around, SchemaPlace place)
    {
        var dialect = around.Dialect;
        if (schema.TryGetProperty("$schema", out _) && (schema.TryGetProperty("$id", out _) || schema.TryGetProperty("id", out _)))
        {
            dialect = DialectOf(schema, around.Source, place) ?? dialect;
        }

        if (IdOf(schema, dialect, around.Source, place) is not { Length: > 0 } id) return around;
        var uri = UriReference.Resolve(around.Uri, id);
        var resource = new SchemaResource(around.Source, uri, dialect, schema, place);
        around.Source.Add(schema, resource);
        if (!_byUri.TryAdd(uri, resource) && ReferenceEquals(_byUri[uri].Source, around.Source)) throw around.Source.Refuse(place, $"another schema in it has the {dialect.IdKeyword} '{uri}'");
        return resource;
    }

    /// <summary>The URI that a schema gives itself; null or empty for none.</summary>
    private static string? IdOf(JsonElement schema, SchemaDialect dialect, SchemaSource source, SchemaPlace place)
    {
        if (schema.ValueKind != JsonValueKind.Object || !schema.TryGetProperty(dialect.IdKeyword, out var id)) return null;
        if (dialect.ReferenceHidesSiblings && schema.TryGetProperty("$ref", out _)) return null;
        if (id.ValueKind != JsonValueKind.String) throw source.Refuse(place.At(dialect.IdKeyword), "must be a string");
        var (uri, fragment) = UriReference.Split(JsonText.StringOf(id));
        if (dialect.Is202012 && fragment.Length > 0) throw source.Refuse(place.At(dialect.IdKeyword), "must not have a fragment; $anchor names a part");
        return uri;
    }

    private static void AddAnchors(JsonElement schema, SchemaResource resource, SchemaPlace place)
    {
        var dialect = resource.Dialect;
        if (!dialect.Is202012)
        {
            if (schema.TryGetProperty(dialect.IdKeyword, out var id) && id.ValueKind == JsonValueKind.String && !schema.TryGetProperty("$ref", out _)
                && UriReference.Split(JsonText.StringOf(id)).Fragment is { Length: > 0 } name)
            {
                resource.Anchors.TryAdd(name, (schema, place));
            }

            return;
        }

        foreach (var keyword in (ReadOnlySpan<string>)["$anchor", "$dynamicAnchor"])
        {
            if (!schema.TryGetProperty(keyword, out var anchor)) continue;
            if (anchor.ValueKind != JsonValueKind.String || !IsAnchor(JsonText.StringOf(anchor))) throw resource.Source.Refuse(place.At(keyword), "must be a name of letters, digits, '-', '_' and '.'");
            var name = JsonText.StringOf(anchor);
            if (resource.Anchors.TryGetValue(name, out var other) && !ReferenceEquals(other.Place, place)) throw resource.Source.Refuse(place.At(keyword), $"another schema in it has the anchor '{name}'");
            resource.Anchors[name] = (schema, place);
            if (keyword == "$dynamicAnchor") resource.DynamicAnchors.Add(name);
        }
    }

    private static bool IsAnchor(string name)
        => name.Length > 0 && (char.IsAsciiLetter(name[0]) || name[0] == '_') && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    /// <summary>The dialect that a schema's <c>$schema</c> names; null where it names none.</summary>
    private SchemaDialect? DialectOf(JsonElement schema, SchemaSource source, SchemaPlace place)
    {
        if (schema.ValueKind != JsonValueKind.Object || !schema.TryGetProperty("$schema", out var named)) return null;
        place = place.At("$schema");
        if (named.ValueKind != JsonValueKind.String) throw source.Refuse(place, "must be a string");
        var uri = JsonText.StringOf(named);
        return Dialect(UriReference.Split(uri) is (var name, "") ? name : uri, depth: 0, why => source.Refuse(place, why));
    }

    private SchemaDialect Dialect(string uri, int depth, Func<string, JsonSchemaException> refuse)
    {
        if (SchemaDialect.OfMetaSchema(uri) is { } published) return published;
        if (uri is "http://json-schema.org/schema" or "https://json-schema.org/schema") return SchemaDialect.Of(options.DefaultDraft);
        if (options.Documents.Find(uri) is not { ValueKind: JsonValueKind.Object } meta) throw refuse($"the dialect '{uri}' is not known: 2020-12, draft-07 and draft-04 are, and meta-schemas among JsonSchemaOptions.Documents");
        if (depth > 8) throw refuse($"the dialect of '{uri}' has no end");
        var below = meta.TryGetProperty("$schema", out var named) && named.ValueKind == JsonValueKind.String && UriReference.Split(JsonText.StringOf(named)).Uri is var next && next != uri
            ? Dialect(next, depth + 1, refuse)
            : SchemaDialect.Draft202012;
        if (!below.Is202012 || !meta.TryGetProperty("$vocabulary", out var vocabularies) || vocabularies.ValueKind != JsonValueKind.Object) return below;
        return OfVocabularies(vocabularies, refuse);
    }

    private static SchemaDialect OfVocabularies(JsonElement vocabularies, Func<string, JsonSchemaException> refuse)
    {
        const string Prefix = "https://json-schema.org/draft/2020-12/vocab/";
        var dialect = SchemaDialect.Draft202012 with { HasApplicators = false, HasValidation = false, HasUnevaluated = false };
        foreach (var vocabulary in vocabularies.EnumerateObject())
        {
            switch (vocabulary.Name)
            {
                case Prefix + "applicator":
                    dialect = dialect with { HasApplicators = true };
                    break;
                case Prefix + "validation":
                    dialect = dialect with { HasValidation = true };
                    break;
                case Prefix + "unevaluated":
                    dialect = dialect with { HasUnevaluated = true };
                    break;
                case Prefix + "format-assertion":
                    dialect = dialect with { AssertsFormat = true };
                    break;
                case Prefix + "core" or Prefix + "meta-data" or Prefix + "format-annotation" or Prefix + "content":
                    break;
                default:
                    if (vocabulary.Value.ValueKind == JsonValueKind.True) throw refuse($"its meta-schema requires the vocabulary '{vocabulary.Name}', which is not known");
                    break;
            }
        }

        return dialect;
    }
}
