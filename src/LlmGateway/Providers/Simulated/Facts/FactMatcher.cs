namespace LlmGateway.Providers.Simulated.Facts;

/// <summary>
/// How well a value fits a member: by the words of its label and surroundings and by its kind. Scores are sums of weights
/// between 0 and about 1; what each weight stands for is said where it is defined.
/// </summary>
internal static class FactMatcher
{
    /// <summary>What is below this is no fit: rather a made-up value, or none, than a wrong one.</summary>
    public const double Threshold = 0.35;

    /// <summary>A fit that does not rest on the kind of the value alone.</summary>
    public const double Sure = 0.6;

    private const double FaintWord = 0.2;
    private const double KindWord = 0.4;
    private const double OuterWord = 0.3;
    private const double ContextStrength = 0.7;
    private const double KindStrength = 0.8;
    private const double DescriptionStrength = 0.6;

    /// <summary>A label's word for something else: "VAT" in "Total VAT", where a total is wanted.</summary>
    private const double OtherConcept = 0.4;

    /// <summary>A label's word that nobody knows: "travel" in "Travel total".</summary>
    private const double OtherWord = 0.15;

    private static readonly FactKind[] Priority =
    [
        FactKind.Email, FactKind.Phone, FactKind.Url, FactKind.Currency, FactKind.Percent, FactKind.Date, FactKind.Time,
        FactKind.Number, FactKind.Id, FactKind.Money, FactKind.Name,
    ];

    /// <summary>The kind of value that a member's name announces; null where it announces none.</summary>
    public static FactKind? KindOf(Member member)
    {
        var own = member.Own.Select(Vocabulary.Announces).OfType<FactKind>().ToArray();
        return own.Length == 0 ? null : Priority.First(kind => Array.IndexOf(own, kind) >= 0);
    }

    /// <summary>The values that fit a member, best first, earlier ones first among equals.</summary>
    public static IEnumerable<(Fact Fact, double Score)> Rank(IEnumerable<Fact> facts, Member member, FactKind? kind) => facts
        .Select(fact => (Fact: fact, Score: Score(fact, member, kind)))
        .Where(match => match.Score >= Threshold)
        .OrderByDescending(match => match.Score);

    /// <summary>How well a label alone fits, for lists.</summary>
    public static double Score(Word[] label, Member member) => Score(new Fact(FactKind.Text, "") { Label = label }, member, null);

    private static double Score(Fact fact, Member member, FactKind? kind)
    {
        var (weights, matched) = (0d, 0d);
        var kindIsNamed = false;
        foreach (var word in member.Own)
        {
            var isKind = IsKindWord(word);
            kindIsNamed |= isKind && Vocabulary.Announces(word) == kind;
            var weight = isKind ? KindWord : Vocabulary.IsFaint(word) ? FaintWord : 1;
            weights += weight;
            matched += weight * Math.Max(Found(word, fact), isKind && Vocabulary.Announces(word) == fact.Kind ? KindStrength : 0);
        }

        if (kind is not null && !kindIsNamed && IsKindOfItsOwn(kind.Value))
        {
            weights += KindWord;
            matched += fact.Kind == kind ? KindWord * KindStrength : 0;
        }

        foreach (var word in member.Outer)
        {
            weights += OuterWord;
            matched += OuterWord * Found(word, fact);
        }

        var byName = weights == 0 ? 0 : matched / weights - Penalty(fact, member);
        return Math.Max(byName, ByDescription(fact, member));
    }

    private static double Found(Word word, Fact fact)
    {
        var best = 0d;
        foreach (var other in fact.Label) best = Math.Max(best, word.Likeness(other));
        foreach (var other in fact.Context) best = Math.Max(best, ContextStrength * word.Likeness(other));
        return best;
    }

    private static double Penalty(Fact fact, Member member)
    {
        var penalty = 0d;
        foreach (var word in fact.Label)
        {
            if (IsKnown(word, member.Own) || IsKnown(word, member.Outer) || IsKnown(word, member.Known)) continue;
            if (char.IsDigit(word.Stem[0]) || Vocabulary.IsFaint(word) || IsPartOfKind(word, fact.Kind)) continue;
            penalty += word.Concept is null ? OtherWord : OtherConcept;
        }

        return penalty;
    }

    /// <summary>A description is a sentence, so it is the label that must be covered by it and not the other way round.</summary>
    private static double ByDescription(Fact fact, Member member) =>
        fact.Label.Length > 0 && member.Described.Length > 0
        && fact.Label.All(word => IsKnown(word, member.Described)) && !fact.Label.All(Vocabulary.IsFaint)
            ? DescriptionStrength
            : 0;

    private static bool IsKnown(Word word, Word[] among) => Array.Exists(among, other => word.Likeness(other) > 0);

    /// <summary>Whether a word names a kind of value rather than one value of the kind: "date", but not "total".</summary>
    private static bool IsKindWord(Word word) =>
        Vocabulary.Announces(word) is { } kind && IsKindOfItsOwn(kind) && word.Concept is not ("vendor" or "customer" or "organizer");

    /// <summary>Whether a label's word says no more than the value itself: "date", and the "number" of a telephone.</summary>
    private static bool IsPartOfKind(Word word, FactKind kind) => word.Concept switch
    {
        "number" => kind is FactKind.Phone or FactKind.Id,
        "address" => kind is FactKind.Email or FactKind.Url,
        _ => IsKindWord(word) && Vocabulary.Announces(word) == kind,
    };

    private static bool IsKindOfItsOwn(FactKind kind) => kind is not (FactKind.Money or FactKind.Number or FactKind.Text);
}
