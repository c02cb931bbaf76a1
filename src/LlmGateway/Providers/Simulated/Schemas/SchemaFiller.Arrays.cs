using System.Text.Json.Nodes;
using LlmGateway.Providers.Simulated.Facts;

namespace LlmGateway.Providers.Simulated.Schemas;

/// <summary>Arrays: from a table or a list of the prompt, and else no longer than they must be.</summary>
internal sealed partial class SchemaFiller
{
    private const int MaxItems = 500;

    /// <summary>How many made-up items are tried for each that must differ from the others.</summary>
    private const int TriesForUnique = 64;

    private JsonArray FillArray(Place place, SchemaShape shape)
    {
        if (shape.MinItems > shape.MaxItems) throw new UnfillableSchemaException(place.Pointer, $"The minItems {Say(shape.MinItems)} is above the maxItems {Say(shape.MaxItems)}.");
        var filled = new JsonArray();
        var prefix = shape.PrefixItems;
        Open(shape, +1);
        try
        {
            var isRecursive = IsOpen(Shape(Item(place, shape, 0, place.Facts)));
            if (prefix == 0 && !isRecursive) AddSaid(filled, place, shape);
            var least = Math.Max(shape.MinItems, prefix);
            // Two empty lists are equal, so that in a set of lists only the first is as short as it may be.
            if (place.Ordinal > 0 && least == 0 && !isRecursive) least = 1;
            for (var ordinal = 0; filled.Count < Math.Min(least, shape.MaxItems); ordinal++)
            {
                if (ordinal >= filled.Count + TriesForUnique) throw new UnfillableSchemaException(place.Pointer, $"The minItems {Say(shape.MinItems)} asks for more different items than were found.");
                var facts = filled.Count == 0 || filled.Count < prefix ? place.Facts : PromptFacts.None;
                Add(filled, Fill(Item(place, shape, filled.Count, facts) with { Ordinal = place.Ordinal + ordinal }), shape);
            }

            return filled;
        }
        finally
        {
            Open(shape, -1);
        }
    }

    /// <summary>Adds what the prompt has for the array: the rows of the table, the items of the list, or the values of the kind, that fill most.</summary>
    private void AddSaid(JsonArray filled, Place place, SchemaShape shape)
    {
        var item = Shape(Item(place, shape, 0, place.Facts));
        var sources = item.Has("properties") || item.Choices.Count > 0 ? Tables(place).Concat(Lists(place)) : Lists(place).Concat(OfKind(place, item));
        var mark = _claims.Count;
        var (best, most) = ((Source?)null, 0d);
        foreach (var source in sources)
        {
            var share = Share(place, shape, source);
            if (share > most) (best, most) = (source, share);
        }

        _claims.TakeBack(mark);
        if (best is null) return;
        _claims.Add(best.Origin);
        for (var i = 0; i < best.Count && filled.Count < Math.Min(shape.MaxItems, MaxItems); i++)
        {
            mark = _claims.Count;
            var value = Fill(Item(place, shape, filled.Count, best.Facts(i)) with { Ordinal = 0 });
            if (_claims.Count > mark) Add(filled, value, shape);
        }
    }

    /// <summary>How much of the first item a source fills, plus how well it is called; 0 where it fills less than half of the members.</summary>
    private double Share(Place place, SchemaShape shape, Source source)
    {
        var mark = _claims.Count;
        try
        {
            var value = Fill(Item(place, shape, 0, source.Facts(0)));
            var members = value is JsonObject map ? Math.Max(1, map.Count) : 1;
            var share = (double)_claims.TakeBack(mark).Count / members;
            return share >= 0.5 ? share + source.Score : 0;
        }
        catch (UnfillableSchemaException)
        {
            _claims.TakeBack(mark);
            return 0;
        }
    }

    private IEnumerable<Source> Tables(Place place) => place.Facts.Tables
        .Where(table => !_claims.Has(table))
        .Select(table => new Source(table, 0.5, table.Rows.Count, row => place.Facts.OfRow(table, row)));

    private IEnumerable<Source> Lists(Place place) => place.Facts.Lists
        .Where(list => !_claims.Has(list) && list.Items.Count > 0)
        .Select(list => new Source(list, FactMatcher.Score(list.Label, place.Member), list.Items.Count, item => place.Facts.OfItem(list.Items[item], place.Member.Own)))
        .Where(source => source.Score >= FactMatcher.Threshold);

    /// <summary>All e-mail addresses of a text for a list of e-mail addresses, and the like.</summary>
    private IEnumerable<Source> OfKind(Place place, SchemaShape item)
    {
        var kind = KindOf(item) ?? FactMatcher.KindOf(place.Member);
        if (kind is not (FactKind.Email or FactKind.Url or FactKind.Phone or FactKind.Date)) return [];
        var all = place.Facts.Facts.Where(fact => fact.Kind == kind && !_claims.Has(fact)).ToList();
        return all.Count == 0 ? [] : [new Source(all, 0, all.Count, i => place.Facts.OfItem(all[i].Text, place.Member.Own))];
    }

    private static void Add(JsonArray filled, JsonNode? value, SchemaShape shape)
    {
        if (!shape.UniqueItems || !filled.Any(other => JsonNode.DeepEquals(other, value))) filled.Add(value);
    }

    private static Place Item(Place place, SchemaShape shape, int index, PromptFacts facts)
    {
        var member = ReferenceEquals(facts, place.Facts) ? place.Member : place.Member.Item();
        return new Place(shape.Item(index), [], member, facts, $"{place.Pointer}/{index}", place.Depth + 1, index);
    }

    /// <summary>Something in the prompt that may be an array's items.</summary>
    /// <param name="Origin">The table or list, so that it is used once.</param>
    /// <param name="Score">How well it is called.</param>
    /// <param name="Count">How many items it has.</param>
    /// <param name="Facts">What an item says.</param>
    private sealed record Source(object Origin, double Score, int Count, Func<int, PromptFacts> Facts);
}
