using System.Globalization;
using System.Text.Json.Nodes;
using LlmGateway.Providers.Simulated.Facts;

namespace LlmGateway.Providers.Simulated.Schemas;

/// <summary>Objects: the required members always, the optional ones where the prompt has something for them.</summary>
internal sealed partial class SchemaFiller
{
    private const int MaxEntries = 50;

    private JsonObject FillObject(Place place, SchemaShape shape)
    {
        if (shape.MinProperties > shape.MaxProperties || shape.Required.Count > shape.MaxProperties)
        {
            throw new UnfillableSchemaException(place.Pointer, $"At least {Math.Max(shape.MinProperties, shape.Required.Count)} members are asked for and at most {shape.MaxProperties} allowed.");
        }

        Open(shape, +1);
        try
        {
            var filled = new JsonObject();
            var optional = shape.MaxProperties - shape.Required.Count;
            foreach (var name in shape.MemberNames)
            {
                if (shape.Required.Contains(name)) filled[name] = Fill(Inside(place, shape, name));
                else if (optional > 0 && FillOptional(Inside(place, shape, name)) is { } found)
                {
                    filled[name] = found;
                    optional--;
                }
            }

            if (place.Pointer.Length == 0 && !shape.MemberNames.Any()) AddLabelled(filled, place, shape);
            AddMissing(filled, place, shape);
            return filled;
        }
        finally
        {
            Open(shape, -1);
        }
    }

    /// <summary>An optional member's value, or null where the prompt has none for it, and where the schema refers to itself.</summary>
    private JsonNode? FillOptional(Place place)
    {
        var mark = _claims.Count;
        try
        {
            if (IsOpen(Shape(place))) return null;
            var value = Fill(place);
            if (_claims.Count > mark) return value;
        }
        catch (UnfillableSchemaException)
        {
            _claims.TakeBack(mark);
        }

        return null;
    }

    /// <summary>A dictionary is filled with what the prompt labels.</summary>
    private void AddLabelled(JsonObject filled, Place place, SchemaShape shape)
    {
        foreach (var fact in place.Facts.Facts)
        {
            if (filled.Count >= Math.Min(shape.MaxProperties, MaxEntries)) return;
            if (fact is not { Kind: FactKind.Text, LabelText: { } key } || filled.ContainsKey(key)) continue;
            var entry = Inside(place, shape, key);
            entry = entry with { Member = entry.Member.Item(), Facts = place.Facts.OfItem(fact.Text, fact.Label) };
            if (entry.Schemas.Count > 0 && FillOptional(entry) is { } value) filled[key] = value;
        }
    }

    private void AddMissing(JsonObject filled, Place place, SchemaShape shape)
    {
        var names = shape.MemberNames.Concat(Enumerable.Range(1, MaxTries).Select(i => string.Create(CultureInfo.InvariantCulture, $"key{i}")));
        foreach (var name in names)
        {
            if (filled.Count >= shape.MinProperties) break;
            if (!filled.ContainsKey(name)) filled[name] = Fill(Inside(place, shape, name));
        }

        // Two empty objects are equal, so that in a set of objects only the first is empty if it can be helped.
        if (place.Ordinal == 0 || filled.Count > 0 || shape.MaxProperties == 0) return;
        var extra = Inside(place, shape, names.First());
        if (!IsOpen(Shape(extra)) && Shape(extra).Types != JsonTypes.None) filled[names.First()] = Fill(extra);
    }

    private static Place Inside(Place place, SchemaShape shape, string name) => new(
        shape.Member(name), [], place.Member.Child(name), place.Facts, $"{place.Pointer}/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}", place.Depth + 1, place.Ordinal);
}
