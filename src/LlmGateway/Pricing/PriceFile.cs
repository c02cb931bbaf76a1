using System.Globalization;
using System.Text.Json;

namespace LlmGateway.PriceData;

/// <summary>Reads price data: the embedded <c>prices.json</c> and a user's <c>LLM_PRICES_FILE</c>, which have one format (see eng/prices/make.mjs).</summary>
internal static class PriceFile
{
    private const string Unit = "USD per million tokens";
    private static readonly string[] Header = ["format", "source", "unit", "inherit", "rows"];
    private static readonly string[] Prices =
    [
        "input", "output", "cache_read", "cache_write", "cache_write_1h", "reasoning",
        "audio_input", "audio_cache_read", "audio_output", "image_input", "image_cache_read", "image_output", "audio_apart",
    ];
    private static readonly string[] Variant = [.. Prices, "steps", "fees", "note"];
    private static readonly string[] Entry = [.. Variant, "tiers", "regions"];
    private static readonly string[] Conditions = ["from", "utc", "days"];
    private static readonly string[] DayNames = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false, AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = 16 };

    /// <summary>Reads a whole file, or refuses it whole.</summary>
    /// <param name="utf8">Its bytes.</param>
    /// <param name="source">What the rows say they come from; null = as the file's header says.</param>
    /// <exception cref="PriceFormatException">What is wrong, in which row and field.</exception>
    internal static PriceTable Read(ReadOnlyMemory<byte> utf8, string? source)
    {
        if (utf8.Span.StartsWith("\uFEFF"u8)) utf8 = utf8[3..];
        try
        {
            using var document = JsonDocument.Parse(utf8, Options);
            var root = document.RootElement;
            Known(root, Header, null);
            if (root.TryGetProperty("format", out var format) && !(format.ValueKind == JsonValueKind.Number && format.TryGetInt32(out var version) && version is 1 or 2))
                throw new PriceFormatException("field \"format\": this version reads formats 1 and 2");
            if (root.TryGetProperty("unit", out var unit) && !(unit.ValueKind == JsonValueKind.String && unit.ValueEquals(Unit)))
                throw new PriceFormatException($"field \"unit\": only \"{Unit}\" is read");
            if (!root.TryGetProperty("rows", out var rows) || rows.ValueKind != JsonValueKind.Array)
                throw new PriceFormatException("field \"rows\": a list of rows is missing");
            source ??= SourceOf(root);
            List<PriceRow> read = [];
            foreach (var row in rows.EnumerateArray()) read.Add(ReadRow(row, read.Count + 1, source));
            Unique(read);
            return new PriceTable(read, InheritOf(root));
        }
        catch (JsonException e)
        {
            throw new PriceFormatException($"it is not JSON: {e.Message}", e);
        }
    }

    private static PriceRow ReadRow(JsonElement row, int number, string source)
    {
        var where = $"row {number}";
        Known(row, [.. Entry, "provider", "model", "names", "prices"], where);
        var provider = VendorName.Canonical(Text(row, "provider", where));
        var model = Name(Text(row, "model", where), "model", where);
        where = $"row {number} ({provider}/{model})";
        List<string> names = [model];
        if (row.TryGetProperty("names", out var others))
        {
            if (others.ValueKind != JsonValueKind.Array) throw Wrong(where, "names", "a list of names is expected");
            foreach (var other in others.EnumerateArray())
                names.Add(other.ValueKind == JsonValueKind.String ? Name(other.GetString()!, "names", where) : throw Wrong(where, "names", "a list of names is expected"));
        }
        return new PriceRow { Provider = provider, Model = model, Names = names, Entries = ReadEntries(row, where), Source = source };
    }

    private static List<PriceEntry> ReadEntries(JsonElement row, string where)
    {
        if (!row.TryGetProperty("prices", out var prices)) return [new PriceEntry(ReadPrice(row, where))];
        if (prices.ValueKind != JsonValueKind.Array || prices.GetArrayLength() == 0) throw Wrong(where, "prices", "a list of prices is expected");
        foreach (var field in Entry)
            if (field != "note" && row.TryGetProperty(field, out _)) throw Wrong(where, field, "it stands either in the row or in its \"prices\", not in both");
        List<PriceEntry> entries = [];
        var note = Note(row, where);
        foreach (var entry in prices.EnumerateArray())
        {
            var at = $"{where}, prices[{entries.Count}]";
            Known(entry, [.. Entry, .. Conditions], at);
            var price = ReadPrice(entry, at);
            entries.Add(new PriceEntry(price with { Note = price.Note ?? note }) { From = From(entry, at), Window = Window(entry, at), Days = Days(entry, at) });
        }
        if (entries[0].IsConditional) throw Wrong(where, "prices", "the first price has no \"from\", \"utc\" or \"days\", as it holds where no other does");
        return entries;
    }

    /// <summary>A whole price; the fields that are not for it in this place have been refused.</summary>
    private static ModelPrice ReadPrice(JsonElement element, string where) => new()
    {
        InputPerMillion = Price(element, "input", where) ?? throw Wrong(where, "input", "the price is missing"),
        OutputPerMillion = Price(element, "output", where) ?? throw Wrong(where, "output", "the price is missing"),
        CacheReadPerMillion = Price(element, "cache_read", where),
        CacheWritePerMillion = Price(element, "cache_write", where),
        CacheWrite1hPerMillion = Price(element, "cache_write_1h", where),
        ReasoningPerMillion = Price(element, "reasoning", where),
        AudioInputPerMillion = Price(element, "audio_input", where),
        AudioCacheReadPerMillion = Price(element, "audio_cache_read", where),
        AudioOutputPerMillion = Price(element, "audio_output", where),
        ImageInputPerMillion = Price(element, "image_input", where),
        ImageCacheReadPerMillion = Price(element, "image_cache_read", where),
        ImageOutputPerMillion = Price(element, "image_output", where),
        AudioPricedApart = Flag(element, "audio_apart", where),
        Steps = Steps(element, where),
        Fees = Fees(element, where),
        Tiers = Variants(element, "tiers", where),
        Regions = Variants(element, "regions", where),
        Note = Note(element, where),
    };

    private static List<PriceStep> Steps(JsonElement element, string where)
    {
        List<PriceStep> steps = [];
        if (!element.TryGetProperty("steps", out var list)) return steps;
        if (list.ValueKind != JsonValueKind.Array) throw Wrong(where, "steps", "a list of steps is expected");
        foreach (var step in list.EnumerateArray())
        {
            var at = $"{where}, steps[{steps.Count}]";
            Known(step, [.. Prices, "above", "marginal"], at);
            if (!step.TryGetProperty("above", out var above) || above.ValueKind != JsonValueKind.Number || !above.TryGetInt64(out var tokens) || tokens < 0)
                throw Wrong(at, "above", "a number of tokens is expected");
            if (steps.Count > 0 && tokens <= steps[^1].AboveInputTokens) throw Wrong(at, "above", "steps ascend");
            steps.Add(new PriceStep { AboveInputTokens = tokens, IsMarginal = Flag(step, "marginal", at), Price = ReadPrice(step, at) });
        }
        return steps;
    }

    private static Dictionary<string, decimal> Fees(JsonElement element, string where)
    {
        Dictionary<string, decimal> fees = [];
        if (!element.TryGetProperty("fees", out var list)) return fees;
        var at = $"{where}, fees";
        Known(list, [.. FeeKind.All], at);
        foreach (var fee in list.EnumerateObject()) fees[fee.Name] = Price(list, fee.Name, at, "a number of US dollars for one is expected")!.Value;
        return fees;
    }

    private static Dictionary<string, PriceVariant> Variants(JsonElement element, string field, string where)
    {
        Dictionary<string, PriceVariant> variants = new(StringComparer.OrdinalIgnoreCase);
        if (!element.TryGetProperty(field, out var list)) return variants;
        var at = $"{where}, {field}";
        if (list.ValueKind != JsonValueKind.Object) throw Wrong(where, field, "an object of names and numbers or prices is expected");
        foreach (var variant in list.EnumerateObject())
        {
            if (variant.Name.Length == 0 || variant.Name.AsSpan().ContainsAny(" \t\r\n") || variant.Name.Any(char.IsUpper) || variant.Name == "global")
                throw Wrong(at, variant.Name, "a name in lower case is expected, and not global, which is the price itself");
            variants[variant.Name] = variant.Value.ValueKind == JsonValueKind.Object ? Whole(variant.Value, $"{at}.{variant.Name}") : Multiple(list, variant.Name, at);
        }
        return variants;
    }

    private static PriceVariant Whole(JsonElement price, string where)
    {
        Known(price, Variant, where);
        return PriceVariant.Of(ReadPrice(price, where));
    }

    private static PriceVariant Multiple(JsonElement variants, string name, string where)
    {
        var factor = Price(variants, name, where, "a number that prices are multiplied by, or an object of prices, is expected")!.Value;
        try
        {
            return PriceVariant.Times(factor);
        }
        catch (ArgumentOutOfRangeException)
        {
            throw Wrong(where, name, $"{variants.GetProperty(name).GetRawText()} is no factor: 0 to 1000, with at most 4 decimals");
        }
    }

    private static string? Note(JsonElement element, string where) => element.TryGetProperty("note", out _) ? Text(element, "note", where) : null;

    private static decimal? Price(JsonElement element, string field, string where, string expected = "a number of US dollars per million tokens is expected")
    {
        if (!element.TryGetProperty(field, out var value)) return null;
        if (value.ValueKind != JsonValueKind.Number) throw Wrong(where, field, expected);
        var text = value.GetRawText();
        // Exponents and long fractions are how a binary fraction shows itself; a price has a few digits.
        if (text.AsSpan().ContainsAny('e', 'E') || text.Length > 20) throw Wrong(where, field, $"{text} is not a plain decimal price");
        var price = value.GetDecimal();
        try
        {
            return PriceNumber.Checked(price, field);
        }
        catch (ArgumentOutOfRangeException)
        {
            throw Wrong(where, field, $"{text} is not a price: 0 to 1000000, with at most 12 decimals");
        }
    }

    private static bool Flag(JsonElement element, string field, string where) =>
        element.TryGetProperty(field, out var value) && value.ValueKind switch { JsonValueKind.True => true, JsonValueKind.False => false, _ => throw Wrong(where, field, "true or false is expected") };

    private static DateTimeOffset? From(JsonElement entry, string where)
    {
        if (!entry.TryGetProperty("from", out _)) return null;
        return DateOnly.TryParseExact(Text(entry, "from", where), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? new DateTimeOffset(date, TimeOnly.MinValue, TimeSpan.Zero)
            : throw Wrong(where, "from", "a UTC date such as 2026-08-17 is expected");
    }

    private static (TimeOnly Start, TimeOnly End)? Window(JsonElement entry, string where)
    {
        if (!entry.TryGetProperty("utc", out _)) return null;
        var parts = Text(entry, "utc", where).Split('-');
        return parts.Length == 2 && Time(parts[0], out var start) && Time(parts[1], out var end) && start != end
            ? (start, end)
            : throw Wrong(where, "utc", "a daily window in UTC such as 01:00-04:00 is expected");

        static bool Time(string text, out TimeOnly time) => TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out time);
    }

    private static HashSet<DayOfWeek>? Days(JsonElement entry, string where)
    {
        if (!entry.TryGetProperty("days", out _)) return null;
        HashSet<DayOfWeek> days = [];
        foreach (var day in Text(entry, "days", where).Split(','))
        {
            var index = Array.IndexOf(DayNames, day.Trim());
            if (index < 0) throw Wrong(where, "days", "days of the week such as sat,sun are expected");
            days.Add((DayOfWeek)index);
        }
        return days;
    }

    private static string Name(string name, string field, string where)
    {
        if (name.AsSpan().ContainsAny(" \t\r\n") || (name.Contains('*', StringComparison.Ordinal) && name != "*"))
            throw Wrong(where, field, $"'{name}' is no model name; * alone stands for every model");
        return name;
    }

    private static string Text(JsonElement element, string field, string where) =>
        element.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text && !string.IsNullOrWhiteSpace(text)
            ? text
            : throw Wrong(where, field, "a text is expected");

    private static void Known(JsonElement element, ReadOnlySpan<string> fields, string? where)
    {
        if (element.ValueKind != JsonValueKind.Object) throw new PriceFormatException(where is null ? "an object with \"rows\" is expected" : $"{where}: an object is expected");
        foreach (var property in element.EnumerateObject())
            if (!fields.Contains(property.Name))
                throw Wrong(where, property.Name, $"it is not known here; known are {string.Join(", ", fields.ToArray())}");
    }

    private static void Unique(List<PriceRow> rows)
    {
        Dictionary<(string, string), int> seen = [];
        for (var i = 0; i < rows.Count; i++)
            foreach (var name in rows[i].Names)
                if (!seen.TryAdd((rows[i].Provider, name.ToLowerInvariant()), i))
                    throw Wrong($"row {i + 1} ({rows[i].Provider}/{rows[i].Model})", name == rows[i].Model ? "model" : "names", $"row {seen[(rows[i].Provider, name.ToLowerInvariant())] + 1} has '{name}' already");
    }

    private static string SourceOf(JsonElement root) =>
        root.TryGetProperty("source", out var source) ? $"{Text(source, "name", "source")} {Text(source, "version", "source")}" : throw new PriceFormatException("field \"source\" is missing");

    private static Dictionary<string, string> InheritOf(JsonElement root)
    {
        Dictionary<string, string> inherit = [];
        if (!root.TryGetProperty("inherit", out var value)) return inherit;
        if (value.ValueKind != JsonValueKind.Object) throw new PriceFormatException("field \"inherit\": an object is expected");
        foreach (var property in value.EnumerateObject()) inherit[property.Name] = Text(value, property.Name, "inherit");
        return inherit;
    }

    private static PriceFormatException Wrong(string? where, string field, string what) => new($"{(where is null ? "" : $"{where}, ")}field \"{field}\": {what}");
}

/// <summary>A price file can't be read; the message names row and field.</summary>
internal sealed class PriceFormatException(string message, Exception? inner = null) : FormatException(message, inner);
