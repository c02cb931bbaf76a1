using System.Collections.Frozen;

namespace LlmGateway.Providers.Simulated.Facts;

/// <summary>The words that documents use for the same thing, and what kind of value a word announces.</summary>
internal static class Vocabulary
{
    /// <summary>Each line is one concept: its name, then the words for it.</summary>
    private static readonly string[] Concepts =
    [
        "number no nr num number ref reference id identifier code",
        "date date day dated",
        "time time hour clock",
        "issue issued issue created",
        "due due deadline by payable until",
        "start start begin starts commence checkin arrival",
        "end end ends finish checkout departure",
        "vendor vendor supplier seller issuer merchant provider company sender biller from",
        "customer customer client buyer recipient payer purchaser to",
        "total total amount sum payable balance pay",
        "subtotal subtotal net",
        "tax tax vat gst mwst",
        "discount discount rebate reduction",
        "shipping shipping freight postage delivery",
        "price price cost each fee rate",
        "unit unit per",
        "quantity quantity qty count units pcs pieces",
        "currency currency",
        "percent percent percentage",
        "email email mail emailaddress",
        "phone phone telephone tel mobile cell",
        "fax fax telefax",
        "url url website site web link homepage uri",
        "address address street",
        "city city town",
        "zip zip zipcode postcode postal",
        "country country nation",
        "name name fullname",
        "title title subject topic headline",
        "item item product article description details",
        "attendee attendee participant guest invitee",
        "organizer organizer organiser host chair",
        "location location place venue room where",
        "duration duration length",
        "temperature temperature temp",
        "status status state",
        "note note remark comment memo",
        "task task action todo",
        "answer answer result outcome value solution",
    ];

    private static readonly FrozenDictionary<string, string> ConceptOf = Concepts
        .Select(line => line.Split(' '))
        .SelectMany(words => words.Skip(1).Select(word => (Stem: Stem(word), Concept: words[0])))
        .DistinctBy(pair => pair.Stem)
        .ToFrozenDictionary(pair => pair.Stem, pair => pair.Concept, StringComparer.Ordinal);

    private static readonly FrozenDictionary<(string, string), string> Phrases = new Dictionary<(string, string), string>
    {
        [("e", "mail")] = "email",
        [("sub", "total")] = "subtotal",
        [("net", "total")] = "subtotal",
        [("net", "amount")] = "subtotal",
        [("grand", "total")] = "total",
        [("amount", "due")] = "total",
        [("balance", "due")] = "total",
        [("total", "due")] = "total",
        [("total", "amount")] = "total",
        [("amount", "payable")] = "total",
        [("total", "payable")] = "total",
        [("bill", "to")] = "customer",
        [("billed", "to")] = "customer",
        [("sold", "to")] = "customer",
        [("ship", "to")] = "recipient",
        [("web", "site")] = "website",
        [("web", "page")] = "website",
        [("home", "page")] = "website",
        [("post", "code")] = "postcode",
        [("zip", "code")] = "zip",
        [("postal", "code")] = "zip",
        [("check", "in")] = "checkin",
        [("check", "out")] = "checkout",
        [("full", "name")] = "fullname",
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, FactKind> KindOf = new Dictionary<string, FactKind>(StringComparer.Ordinal)
    {
        ["email"] = FactKind.Email,
        ["phone"] = FactKind.Phone,
        ["url"] = FactKind.Url,
        ["date"] = FactKind.Date,
        ["time"] = FactKind.Time,
        ["currency"] = FactKind.Currency,
        ["number"] = FactKind.Id,
        ["name"] = FactKind.Name,
        ["vendor"] = FactKind.Name,
        ["customer"] = FactKind.Name,
        ["organizer"] = FactKind.Name,
        ["total"] = FactKind.Money,
        ["subtotal"] = FactKind.Money,
        ["tax"] = FactKind.Money,
        ["discount"] = FactKind.Money,
        ["shipping"] = FactKind.Money,
        ["price"] = FactKind.Money,
        ["quantity"] = FactKind.Number,
        ["percent"] = FactKind.Percent,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Words that add little to a name: <c>issuedOn</c> is any date that is not called something else.</summary>
    private static readonly FrozenSet<string> Faint = new[]
    {
        "issue", "name", "value", "text", "info", "detail", "full", "current", "main", "primary", "create", "data", "content",
    }.Select(Stem).ToFrozenSet(StringComparer.Ordinal);

    public static Word Read(string word)
    {
        var stem = Stem(word);
        return new Word(stem, ConceptOf.GetValueOrDefault(stem));
    }

    public static string? Phrase(string first, string second) => Phrases.GetValueOrDefault((first, second));

    /// <summary>The kind of value that a word announces; null for a word that announces none.</summary>
    public static FactKind? Announces(Word word) => word.Concept is not null && KindOf.TryGetValue(word.Concept, out var kind) ? kind : null;

    public static bool IsFaint(Word word) => Faint.Contains(word.Stem);

    private static string Stem(string word)
    {
        if (word.Length > 4 && word.EndsWith("ing", StringComparison.Ordinal)) word = word[..^3];
        else if (word.Length > 4 && word.EndsWith("ies", StringComparison.Ordinal)) word = word[..^3] + "y";
        else if (word.Length > 4 && word.EndsWith("ed", StringComparison.Ordinal)) word = word[..^2];
        else if (word.Length > 3 && word[^1] == 's' && word[^2] != 's' && word[^2] != 'u') word = word[..^1];
        return word.Length > 3 && word[^1] == 'e' ? word[..^1] : word;
    }
}
