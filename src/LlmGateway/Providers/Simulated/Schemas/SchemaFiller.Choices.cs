using System.Text.Json.Nodes;
using LlmGateway.Providers.Simulated.Facts;

namespace LlmGateway.Providers.Simulated.Schemas;

/// <summary>Choices between schemas (<c>anyOf</c>, <c>oneOf</c>) and between listed values (<c>enum</c>, <c>const</c>).</summary>
internal sealed partial class SchemaFiller
{
    /// <summary>Tries every branch and keeps the one that takes most from the prompt; the first among equals, except that null wins where nothing is taken.</summary>
    private JsonNode? Choose(Place place, SchemaShape shape)
    {
        var mark = _claims.Count;
        UnfillableSchemaException? failure = null;
        (JsonNode? Value, List<object> Claims)? best = null;
        foreach (var branch in EndingFirst(shape.Choices[0], place))
        {
            try
            {
                var value = Fill(place with { Decisions = [.. place.Decisions, branch] });
                if (!_checker.Accepts(value, place.Schemas))
                {
                    throw new UnfillableSchemaException(place.Pointer, "No value was found that satisfies exactly one branch of oneOf there, and the keywords beside it.");
                }

                var claims = _claims.TakeBack(mark);
                if (best is not { } other || claims.Count > other.Claims.Count || (value is null && claims.Count == other.Claims.Count && place.Pointer.Length > 0)) best = (value, claims);
            }
            catch (UnfillableSchemaException e)
            {
                _claims.TakeBack(mark);
                failure ??= e;
            }
        }

        if (best is not { } chosen) throw failure ?? new UnfillableSchemaException(place.Pointer, "There is a choice without branches.");
        foreach (var claim in chosen.Claims) _claims.Add(claim);
        return chosen.Value;
    }

    /// <summary>Where the schema refers to itself, only the branches that come to an end; all of them where none does.</summary>
    private List<JsonNode?> EndingFirst(JsonArray branches, Place place)
    {
        var ending = branches.Where(branch => !IsOpen(SchemaShape.Of(_document, [branch], [], place.Pointer))).ToList();
        return ending.Count > 0 ? ending : [.. branches];
    }

    private JsonNode? FillListed(Place place, SchemaShape shape)
    {
        var allowed = shape.Values!.Where(value => _checker.Accepts(value, place.Schemas)).ToList();
        if (allowed.Count == 0) throw new UnfillableSchemaException(place.Pointer, "None of the values listed there (enum, const) satisfies the rest of the schema.");

        var named = Named(place with { Member = place.Member.With(shape.Descriptions) }, allowed);
        if (named is not null)
        {
            _claims.Add(named);
            return named.DeepClone();
        }

        if (allowed.Contains(null) && place.Ordinal == 0) return null;
        return allowed[place.Ordinal % allowed.Count]?.DeepClone();
    }

    /// <summary>The listed value that the prompt names: behind the member's label if it can be, else anywhere.</summary>
    private JsonNode? Named(Place place, List<JsonNode?> allowed)
    {
        var texts = allowed.Where(value => SchemaDocument.Text(value) is not null).Select(value => (Node: value!, Spoken: Words.Split(value!.GetValue<string>()))).ToList();
        var kind = FactMatcher.KindOf(place.Member);
        foreach (var (fact, _) in _claims.Rank(place.Facts, place.Member, kind, fact => fact.Kind is FactKind.Text or FactKind.Currency))
        {
            if (First(new SpokenWords(fact.Text)) is not { } labelled) continue;
            _claims.Add(fact);
            return labelled;
        }

        return First(place.Facts.Said);

        JsonNode? First(SpokenWords said) => texts
            .Select(text => (text.Node, At: said.IndexOf(text.Spoken), text.Spoken.Count))
            .Where(text => text.At >= 0 && !said.IsDenied(text.At))
            .OrderBy(text => text.At).ThenByDescending(text => text.Count)
            .Select(text => text.Node)
            .FirstOrDefault();
    }

    /// <summary>True where the prompt says so: "Paid: yes", or "it is urgent" and not "it is not urgent".</summary>
    private JsonValue FillBoolean(Place place)
    {
        foreach (var (fact, _) in _claims.Rank(place.Facts, place.Member, null, fact => fact.Kind == FactKind.Text))
        {
            if (Words.Split(fact.Text).FirstOrDefault() is not { } word || Truth(word) is not { } truth) continue;
            _claims.Add(fact);
            return JsonValue.Create(truth);
        }

        var words = place.Member.Own.Where(word => !Vocabulary.IsFaint(word)).ToArray();
        var at = words.Length == 0 ? -1 : place.Facts.Said.IndexOf([.. Words.Split(place.Member.Spoken).Where(word => word is not ("is" or "has" or "was"))]);
        if (at < 0) return JsonValue.Create(place.Ordinal % 2 == 1);
        _claims.Add(place.Facts.Said);
        return JsonValue.Create(!place.Facts.Said.IsDenied(at));
    }

    private static bool? Truth(string word) => word switch
    {
        "yes" or "true" or "y" or "on" => true,
        "no" or "false" or "n" or "off" or "not" or "none" => false,
        _ => null,
    };
}
