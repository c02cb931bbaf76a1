using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using LlmGateway.Providers.Simulated.Facts;

namespace LlmGateway.Providers.Simulated.Schemas;

/// <summary>Fills a schema with valid values, from a text where it has them. One instance makes one answer.</summary>
internal sealed partial class SchemaFiller
{
    /// <summary>Schemas that nest deeper than any real answer are recursive without end.</summary>
    private const int MaxDepth = 32;

    /// <summary>The most values tried for one answer, since branches within branches multiply. After that no further branch is tried, and what was found stands.</summary>
    private const int MaxTries = 20_000;

    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly SchemaDocument _document;
    private readonly SchemaChecker _checker;
    private readonly PromptFacts _facts;
    private readonly bool _localTimes;
    private readonly CancellationToken _cancellationToken;
    private readonly Claims _claims = new();
    private readonly Dictionary<JsonObject, int> _open = new(ReferenceEqualityComparer.Instance);
    private int _tries;

    public SchemaFiller(JsonElement schema, PromptFacts facts, bool localTimes, CancellationToken cancellationToken)
    {
        _document = new SchemaDocument(schema);
        _checker = new SchemaChecker(_document);
        _facts = facts;
        _localTimes = localTimes;
        _cancellationToken = cancellationToken;
    }

    /// <summary>Makes the answer.</summary>
    /// <param name="name">The answer's name, such as "Invoice".</param>
    /// <returns>Its JSON text.</returns>
    /// <exception cref="UnfillableSchemaException">No valid answer was found.</exception>
    public string Fill(string name)
    {
        var value = Fill(new Place([_document.Root], [], Member.Root(name), _facts, "", 0, 0));
        if (!_checker.Accepts(value, _document.Root))
        {
            throw new UnfillableSchemaException("", "The schema's keywords ask together for something that the simulation does not find (it does not aim for not, if, contains, propertyNames or dependent members).");
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Readable))
        {
            if (value is null) writer.WriteNullValue();
            else value.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private JsonNode? Fill(Place place)
    {
        _cancellationToken.ThrowIfCancellationRequested();
        if (++_tries > MaxTries) throw new UnfillableSchemaException(place.Pointer, $"The schema leaves so many choices that {MaxTries} tries were not enough.");
        if (place.Depth > MaxDepth) throw new UnfillableSchemaException(place.Pointer, $"The value would nest more than {MaxDepth} levels deep: the schema refers to itself and allows no end.");

        var shape = Shape(place);
        if (shape.Choices.Count > 0) return Choose(place, shape);
        if (shape.Values is not null) return FillListed(place, shape);
        if (shape.Types.HasFlag(JsonTypes.Null) && shape.Types != JsonTypes.Null && shape.Types != JsonTypes.All && IsOpen(shape)) return null;

        place = place with { Member = place.Member.With(shape.Descriptions) };
        return FillByType(place, shape);
    }

    /// <summary>Tries the types that are allowed, and keeps the first that takes something from the prompt; else null where that is allowed, else the first that works.</summary>
    private JsonNode? FillByType(Place place, SchemaShape shape)
    {
        var types = CandidateTypes(shape).ToArray();
        var nullable = shape.Types.HasFlag(JsonTypes.Null) && shape.Types != JsonTypes.All && place.Pointer.Length > 0;
        UnfillableSchemaException? failure = null;
        JsonNode? first = null;
        var found = false;
        foreach (var type in types)
        {
            var mark = _claims.Count;
            try
            {
                var value = FillType(type, place, shape);
                if (_claims.Count > mark || (types.Length == 1 && !nullable)) return value;
                if (!found) first = value;
                found = true;
            }
            catch (UnfillableSchemaException e)
            {
                _claims.TakeBack(mark);
                failure ??= e;
            }
        }

        if ((nullable && place.Ordinal == 0) || (!found && shape.Types.HasFlag(JsonTypes.Null))) return null;
        return found ? first : throw failure ?? new UnfillableSchemaException(place.Pointer, "The schema allows no type of value there.");
    }

    private JsonNode? FillType(JsonTypes type, Place place, SchemaShape shape) => type switch
    {
        JsonTypes.Object => FillObject(place, shape),
        JsonTypes.Array => FillArray(place, shape),
        JsonTypes.String => FillString(place, shape),
        JsonTypes.Number or JsonTypes.Integer => FillNumber(place, shape, isInteger: type == JsonTypes.Integer),
        JsonTypes.Boolean => FillBoolean(place),
        _ => null,
    };

    private static IEnumerable<JsonTypes> CandidateTypes(SchemaShape shape)
    {
        var types = shape.Types;
        if (types == JsonTypes.All)
        {
            // A schema without a type is one of the type that its keywords speak of.
            types = shape.Has("properties") || shape.Has("required") || shape.Has("additionalProperties") || shape.Has("minProperties") ? JsonTypes.Object
                : shape.Has("items") || shape.Has("prefixItems") || shape.Has("minItems") || shape.Has("contains") ? JsonTypes.Array
                : shape.Minimum is not null || shape.Maximum is not null || shape.MultipleOf.Count > 0 ? JsonTypes.Number
                : JsonTypes.String;
        }

        if (types.HasFlag(JsonTypes.Object)) yield return JsonTypes.Object;
        if (types.HasFlag(JsonTypes.Array)) yield return JsonTypes.Array;
        if ((types & JsonTypes.Number) != 0) yield return types & JsonTypes.Number;
        if (types.HasFlag(JsonTypes.String)) yield return JsonTypes.String;
        if (types.HasFlag(JsonTypes.Boolean)) yield return JsonTypes.Boolean;
    }

    private SchemaShape Shape(Place place) => SchemaShape.Of(_document, place.Schemas, place.Decisions, place.Pointer);

    /// <summary>Whether a value of one of these schemas is being filled further out: the schema refers to itself.</summary>
    private bool IsOpen(SchemaShape shape) => shape.Parts.Exists(part => _open.GetValueOrDefault(part) > 0);

    private void Open(SchemaShape shape, int change)
    {
        foreach (var part in shape.Parts) _open[part] = _open.GetValueOrDefault(part) + change;
    }

    /// <summary>A value to be filled.</summary>
    /// <param name="Schemas">The schemas that it must satisfy, all of them.</param>
    /// <param name="Decisions">The branches taken of their choices, in order.</param>
    /// <param name="Member">What it is called.</param>
    /// <param name="Facts">Where values may come from: the whole text, or one row or item of it.</param>
    /// <param name="Pointer">Where it stands in the answer, as a JSON Pointer.</param>
    /// <param name="Depth">How deep it stands.</param>
    /// <param name="Ordinal">Which of several it is, so that made-up values can differ.</param>
    private sealed record Place(
        IReadOnlyList<JsonNode?> Schemas, IReadOnlyList<JsonNode?> Decisions, Member Member, PromptFacts Facts, string Pointer, int Depth, int Ordinal);
}
