using System.Globalization;
using System.Text.Json.Nodes;
using LlmGateway.Providers.Simulated.Facts;

namespace LlmGateway.Providers.Simulated.Schemas;

/// <summary>Strings: from the prompt, or made up to the format, the pattern and the length.</summary>
internal sealed partial class SchemaFiller
{
    private const int MaxStringLength = 20_000;

    private JsonValue FillString(Place place, SchemaShape shape)
    {
        if (shape.MinLength > shape.MaxLength) throw new UnfillableSchemaException(place.Pointer, $"The minLength {Say(shape.MinLength)} is above the maxLength {Say(shape.MaxLength)}.");
        if (shape.MinLength > MaxStringLength) throw new UnfillableSchemaException(place.Pointer, $"The minLength {Say(shape.MinLength)} is above the {MaxStringLength} characters that the simulation makes.");
        if (StringFromPrompt(place, shape) is { } said) return JsonValue.Create(said);
        foreach (var text in shape.Suggestions.Select(SchemaDocument.Text).OfType<string>().Concat(MadeUp(place, shape)))
        {
            if (Fits(place, shape, text)) return JsonValue.Create(text);
        }

        var asked = new List<string>();
        if (shape.Patterns.Count > 0) asked.Add("the pattern '" + string.Join("' and '", shape.Patterns) + "'");
        if (shape.Formats.Count > 0) asked.Add("the format '" + string.Join("' and '", shape.Formats) + "'");
        asked.Add($"a length from {Say(shape.MinLength)} to {(shape.MaxLength == decimal.MaxValue ? "any" : Say(shape.MaxLength))}");
        throw new UnfillableSchemaException(place.Pointer, $"No text was found with {string.Join(", ", asked)}.");
    }

    private IEnumerable<string> MadeUp(Place place, SchemaShape shape)
    {
        var minLength = (int)shape.MinLength;
        if (shape.IsBase64) yield return new string('A', (minLength + 4 + place.Ordinal) / 4 * 4);
        foreach (var format in shape.Formats)
        {
            foreach (var sample in Formats.Samples(format, place.Ordinal, _localTimes))
            {
                yield return sample;
                if (sample.Length < minLength) yield return format.StartsWith("uri", StringComparison.Ordinal) ? sample.PadRight(minLength, 'a') : sample.PadLeft(minLength, 'a');
            }
        }

        foreach (var pattern in shape.Patterns)
        {
            foreach (var proposal in Proposals(place, pattern, minLength)) yield return proposal;
        }

        // It says of itself that it is made up, and is as long as it must be.
        var name = place.Member.Spoken.Length > 0 ? place.Member.Spoken : "text";
        var plain = place.Ordinal == 0 ? $"Simulated {name}" : string.Create(CultureInfo.InvariantCulture, $"Simulated {name} {place.Ordinal + 1}");
        if (plain.Length < minLength) plain = plain.PadRight(minLength, '.');
        if (plain.Length > shape.MaxLength)
        {
            var number = place.Ordinal == 0 ? "" : place.Ordinal.ToString(CultureInfo.InvariantCulture);
            plain = number.Length > shape.MaxLength ? "" : plain[..((int)shape.MaxLength - number.Length)] + number;
        }

        yield return plain;
        if (shape.MaxLength == 1) yield return ((char)('a' + place.Ordinal % 26)).ToString();
    }

    private static List<string> Proposals(Place place, string pattern, int minLength)
    {
        try
        {
            // Each item of a set of unique ones starts one variant further on.
            return [.. PatternGenerator.Proposals(pattern, minLength, place.Ordinal, 24)];
        }
        catch (FormatException e)
        {
            throw new UnfillableSchemaException(place.Pointer, $"No text was made for the pattern '{pattern}': {e.Message}.");
        }
    }

    private string? StringFromPrompt(Place place, SchemaShape shape)
    {
        if (shape.IsBase64) return null;
        var kind = KindOf(shape) ?? FactMatcher.KindOf(place.Member);
        if (shape.Formats.Contains("date-time")) return Take(Moment(place), place, shape);
        foreach (var (fact, _) in _claims.Rank(place.Facts, place.Member, kind, fact => Suits(fact, kind)))
        {
            var text = fact.Kind == FactKind.Time && !_localTimes ? WithZone(fact.TimeOfDay!) : fact.Text;
            if (Take((fact, text), place, shape) is { } taken) return taken;
        }

        return null;
    }

    private string? Take((Fact Fact, string Text)? found, Place place, SchemaShape shape)
    {
        if (found is not { } match || !Fits(place, shape, match.Text)) return null;
        _claims.Add(match.Fact);
        return match.Text;
    }

    private bool Fits(Place place, SchemaShape shape, string text) => IsWhole(text) && SchemaChecker.StringFits(text, shape)
            && _checker.Accepts(JsonValue.Create(text), place.Schemas);

    /// <summary>Whether no surrogate stands alone: it could not be written as UTF-8.</summary>
    private static bool IsWhole(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 >= text.Length || !char.IsSurrogatePair(text[i], text[i + 1])) return false;
            i++;
        }

        return true;
    }

    /// <summary>
    /// A date and the time that belongs to it: the one that is called so, else the one in its line. Used values count like
    /// others, since a record may well have the day apart as well.
    /// </summary>
    private static (Fact, string)? Moment(Place place)
    {
        var times = FactMatcher.Rank(place.Facts.Facts.Where(fact => fact.Kind == FactKind.Time), place.Member, FactKind.Time).ToList();
        var date = FactMatcher.Rank(place.Facts.Facts.Where(fact => fact.Kind == FactKind.Date), place.Member, FactKind.Date).Select(match => match.Fact).FirstOrDefault();
        var sure = times.Where(match => match.Score >= FactMatcher.Sure).Select(match => match.Fact.TimeOfDay).FirstOrDefault();
        var weak = date is null ? times.Select(match => match.Fact.TimeOfDay).FirstOrDefault() : null;
        if (sure is not null || weak is not null) date ??= place.Facts.Facts.FirstOrDefault(fact => fact.Kind == FactKind.Date);
        return date is null ? null : (date, $"{date.Text}T{WithZone(sure ?? date.TimeOfDay ?? weak ?? "00:00:00")}");
    }

    /// <summary>RFC 3339 demands an offset; a time that is written without one is taken for UTC.</summary>
    private static string WithZone(string time) => time.AsSpan().ContainsAny("Zz+-") ? time : time + "Z";

    private static FactKind? KindOf(SchemaShape shape) => shape.Formats.FirstOrDefault() switch
    {
        "date" => FactKind.Date,
        "time" => FactKind.Time,
        "email" or "idn-email" => FactKind.Email,
        "uri" or "iri" => FactKind.Url,
        _ => null,
    };

    /// <summary>Whether a value may stand in a string of a kind. A whole text is not taken where it is plainly something else.</summary>
    private static bool Suits(Fact fact, FactKind? kind) => kind switch
    {
        FactKind.Email or FactKind.Url or FactKind.Phone or FactKind.Currency or FactKind.Date or FactKind.Time or FactKind.Percent =>
            fact.Kind == kind || (fact.Kind == FactKind.Text && (fact.Covers == kind || fact.Label.Any(word => Vocabulary.Announces(word) == kind))),
        FactKind.Id => fact.Kind is FactKind.Id or FactKind.Number || (fact.Kind == FactKind.Text && fact.Covers is FactKind.Text or FactKind.Id or FactKind.Number or FactKind.Name),
        FactKind.Name => fact.Kind is FactKind.Name || (fact.Kind == FactKind.Text && fact.Covers is FactKind.Text or FactKind.Name or FactKind.Id),
        _ => fact.Kind is FactKind.Text or FactKind.Name or FactKind.Id,
    };
}
