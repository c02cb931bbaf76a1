namespace LlmGateway.StructuredOutput.Validation;

internal ref partial struct SchemaWalk
{
    /// <summary>Length counts Unicode characters, as the specification says, not UTF-16 units or bytes.</summary>
    private bool CheckString(SchemaNode node, StringRules rules, int at)
    {
        var text = _tape.Text(_tape[at]);
        var fits = true;
        if (rules.MinLength > 0 || rules.MaxLength < text.Length)
        {
            var length = JsonText.CountCodePoints(text);
            if (length < rules.MinLength)
            {
                if (_findings is null) return false;
                fits = Fail(node, "minLength", at, $"has {Count(length, "character")}, and must have at least {rules.MinLength}", FindingKind.Other);
            }

            if (length > rules.MaxLength)
            {
                if (_findings is null) return false;
                fits = Fail(node, "maxLength", at, $"has {Count(length, "character")}, and must have at most {rules.MaxLength}", FindingKind.Other);
            }
        }

        if (rules.Pattern is { } pattern && !IsMatch(pattern, text, node, at))
        {
            if (_findings is null) return false;
            fits = Fail(node, "pattern", at, $"is {Describe(at)}, and must match the pattern {pattern.Source}", FindingKind.Other);
        }

        if (rules.Format is { } format && !format.Accepts(text))
        {
            if (_findings is null) return false;
            fits = Fail(node, "format", at, $"is {Describe(at)}, and must be {format.Description}", FindingKind.Other);
        }

        return fits;
    }

    private readonly bool CheckNumber(SchemaNode node, NumberRules rules, int at)
    {
        var text = _tape.Text(_tape[at]);
        var fits = true;
        if (rules.Minimum is { } min && min.CompareFrom(text) < 0) fits = FailNumber(node, "minimum", at, "at least", min);
        if (rules.Maximum is { } max && max.CompareFrom(text) > 0) fits = FailNumber(node, "maximum", at, "at most", max);
        if (rules.ExclusiveMinimum is { } above && above.CompareFrom(text) <= 0) fits = FailNumber(node, "exclusiveMinimum", at, "more than", above);
        if (rules.ExclusiveMaximum is { } below && below.CompareFrom(text) >= 0) fits = FailNumber(node, "exclusiveMaximum", at, "less than", below);
        if (rules.MultipleOf is { } unit && !unit.Divides(text)) fits = FailNumber(node, "multipleOf", at, "a multiple of", unit);
        return fits;
    }

    private readonly bool FailNumber(SchemaNode node, string keyword, int at, string rule, SchemaNumber bound)
        => _findings is not null && Fail(node, keyword, at, $"is {Describe(at)}, and must be {rule} {bound}", FindingKind.Other);
}
