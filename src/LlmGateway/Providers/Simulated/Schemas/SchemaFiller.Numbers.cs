using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;
using LlmGateway.Providers.Simulated.Facts;

namespace LlmGateway.Providers.Simulated.Schemas;

/// <summary>Numbers: from the prompt, or the allowed one nearest to zero.</summary>
internal sealed partial class SchemaFiller
{
    private JsonValue FillNumber(Place place, SchemaShape shape, bool isInteger)
    {
        if (shape.Minimum > shape.Maximum || (shape.Minimum == shape.Maximum && (shape.MinimumExcluded || shape.MaximumExcluded) && shape.Minimum is not null))
        {
            throw new UnfillableSchemaException(place.Pointer, $"No number lies between the minimum {Say(shape.Minimum)} and the maximum {Say(shape.Maximum)}.");
        }

        if (NumberFromPrompt(place, shape, isInteger) is { } said) return JsonValue.Create(said);
        foreach (var suggestion in shape.Suggestions)
        {
            if (SchemaDocument.Number(suggestion) is { } suggested && Fits(suggested)) return JsonValue.Create(suggested);
        }

        foreach (var number in shape.MultipleOf.Count > 0 || isInteger ? Multiples(place, shape, isInteger) : Fractions(place, shape))
        {
            if (Fits(number)) return JsonValue.Create(number);
        }

        throw new UnfillableSchemaException(place.Pointer, string.Create(CultureInfo.InvariantCulture,
            $"No {(isInteger ? "whole number" : "number")} was found with minimum {Say(shape.Minimum)}, maximum {Say(shape.Maximum)} and multipleOf {(shape.MultipleOf.Count == 0 ? "none" : string.Join(", ", shape.MultipleOf))}."));

        bool Fits(decimal number) => (!isInteger || number % 1 == 0) && SchemaChecker.NumberFits(number, shape);
    }

    private decimal? NumberFromPrompt(Place place, SchemaShape shape, bool isInteger)
    {
        var kind = FactMatcher.KindOf(place.Member);
        if (kind is not (FactKind.Money or FactKind.Percent or FactKind.Number)) kind = null;
        foreach (var (fact, _) in _claims.Rank(place.Facts, place.Member, kind, fact => fact.Number is not null && !(kind == FactKind.Money && fact.Kind == FactKind.Percent)))
        {
            if (Take(fact) is { } number) return number;
        }

        // The only amount in a text is the amount, whatever the words around it.
        if (kind != FactKind.Money || !place.Member.Own.Any(word => word.Concept is "total" or "price")) return null;
        var amounts = place.Facts.Facts.Where(fact => fact.Kind == FactKind.Money).ToList();
        return amounts is [{ Label.Length: 0 } only] && !_claims.Has(only) ? Take(only) : null;

        decimal? Take(Fact fact)
        {
            var number = fact.Number!.Value;
            if (!Fits(number) && fact.Kind == FactKind.Percent) number /= 100;
            if (!Fits(number)) return null;
            _claims.Add(fact);
            return number;
        }

        bool Fits(decimal number) => (!isInteger || number % 1 == 0) && SchemaChecker.NumberFits(number, shape);
    }

    /// <summary>The allowed multiples around zero, or around the end of the range that is nearest to it.</summary>
    private static IEnumerable<decimal> Multiples(Place place, SchemaShape shape, bool isInteger)
    {
        var step = Step(place, shape, isInteger);
        var start = Math.Clamp(0, shape.Minimum ?? decimal.MinValue, shape.Maximum ?? decimal.MaxValue);
        var down = shape.Maximum <= 0;
        decimal first;
        try
        {
            var count = start / step;
            first = (down ? decimal.Floor(count) : decimal.Ceiling(count)) * step;
        }
        catch (OverflowException)
        {
            yield break;
        }

        for (var i = 0; i < 3; i++)
        {
            if (Shift(first, step, down ? -place.Ordinal - i : place.Ordinal + i) is { } outward) yield return outward;
            if (Shift(first, step, down ? place.Ordinal + i : -place.Ordinal - i) is { } inward) yield return inward;
        }
    }

    /// <summary>Zero or the nearest to it; where the ends are excluded, something between.</summary>
    private static IEnumerable<decimal> Fractions(Place place, SchemaShape shape)
    {
        var low = shape.Minimum ?? decimal.MinValue;
        var high = shape.Maximum ?? decimal.MaxValue;
        var start = Math.Clamp(0, low, high);
        var width = Shift(high, low, -1);
        for (var step = 1m; step >= 0.000_000_000_001m; step /= 10)
        {
            if (width < step * place.Ordinal) continue;
            if (Shift(start, step, place.Ordinal) is { } above) yield return above;
            if (Shift(start, step, -place.Ordinal) is { } below) yield return below;
            if (Shift(start, step, place.Ordinal + 1) is { } next) yield return next;
            if (Shift(start, step, -place.Ordinal - 1) is { } previous) yield return previous;
        }

        if (width is { } range) yield return low + range / (place.Ordinal + 2);
    }

    private static decimal? Shift(decimal start, decimal step, int count)
    {
        try
        {
            return start + step * count;
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    /// <summary>The smallest number that is a multiple of every step asked for.</summary>
    private static decimal Step(Place place, SchemaShape shape, bool isInteger)
    {
        var steps = isInteger ? [.. shape.MultipleOf, 1m] : shape.MultipleOf;
        try
        {
            var scale = 1m;
            while (steps.Exists(step => step * scale % 1 != 0)) scale *= 10;
            var common = steps.Select(step => new BigInteger(step * scale)).Aggregate((a, b) => a / BigInteger.GreatestCommonDivisor(a, b) * b);
            return (decimal)common / scale;
        }
        catch (OverflowException)
        {
            throw new UnfillableSchemaException(place.Pointer, "Its multipleOf has more digits than the simulation calculates with (28).");
        }
    }

    private static string Say(decimal? bound) => bound?.ToString(CultureInfo.InvariantCulture) ?? "(none)";
}
