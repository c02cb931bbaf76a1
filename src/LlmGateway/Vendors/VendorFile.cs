using System.Collections.Frozen;
using System.Text.Json;
using LlmGateway.Dialects;
using LlmGateway.Embeddings;

namespace LlmGateway.Vendors;

/// <summary>
/// Reads the table of vendors: the embedded <c>vendors.json</c>, and a user's <c>LLM_VENDORS_FILE</c>, which have one form.
/// A bad file is refused whole, with the row and the field named.
/// </summary>
internal static class VendorFile
{
    private const string Setting = "LLM_VENDORS_FILE";

    private static readonly Lazy<IReadOnlyList<Vendor>> Embedded = new(ReadEmbedded);

    /// <summary>The rows that come with the gateway.</summary>
    public static IReadOnlyList<Vendor> BuiltIn => Embedded.Value;

    /// <exception cref="ProviderInitException">The file cannot be read, or a row of it is wrong.</exception>
    public static IReadOnlyList<Vendor> Load(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, AllowDuplicateProperties = false });
            return Read(document.RootElement);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or FormatException or InvalidOperationException)
        {
            throw new ProviderInitException($"{Setting}: {path}: {e.Message}", null, Setting, e);
        }
    }

    private static List<Vendor> ReadEmbedded()
    {
        using var stream = typeof(VendorFile).Assembly.GetManifestResourceStream("LlmGateway.vendors.json")!;
        using var document = JsonDocument.Parse(stream);
        return Read(document.RootElement);
    }

    private static List<Vendor> Read(JsonElement root)
    {
        if (root.Object("vendors"u8) is not { } vendors) throw new FormatException("\"vendors\" is missing, or not an object.");
        return ReadRows(vendors);
    }

    /// <summary>The rows of an object, which has a vendor in each member.</summary>
    /// <exception cref="FormatException">A row is wrong; the message names it and the field.</exception>
    public static List<Vendor> ReadRows(JsonElement vendors) => [.. vendors.EnumerateObject().Select(row => new Row(row.Name, row.Value).ToVendor())];

    /// <summary>One row while it is read: each field is taken once, and what is left over is a slip.</summary>
    private sealed class Row(string name, JsonElement json)
    {
        private static readonly string[] Fields =
        [
            "aliases", "dialect", "base_url", "base_url_env", "strip_path", "instead", "auth", "key_env", "key_optional", "token", "headers", "default_model",
            "billing", "max_tokens_field", "reasoning_field", "refuses", "embeddings", "models", "sources",
        ];

        public Vendor ToVendor()
        {
            if (json.ValueKind != JsonValueKind.Object) throw Wrong("", "is not an object");
            if (!name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-') || name.Length == 0) throw Wrong("", "has a name with other characters than letters, digits, _ and -");
            foreach (var member in json.EnumerateObject())
            {
                if (!Fields.Contains(member.Name)) throw Wrong(member.Name, $"is not a field of a vendor; there are {string.Join(", ", Fields)}");
            }

            var auth = ObjectOf(json, "auth", "auth");
            var embeddings = ObjectOf(json, "embeddings", "embeddings");
            var format = embeddings is { } known ? TextOf(known, "format", "embeddings.format") ?? "openai" : null;
            if (format is not null && EmbeddingFormat.Find(format) is null) throw Wrong("embeddings.format", $"is '{format}'; there are {string.Join(", ", EmbeddingFormat.All.Select(f => f.Name))}");
            var maxTokens = TextOf(json, "max_tokens_field", "max_tokens_field");
            return new Vendor
            {
                Name = name,
                Aliases = ListOf("aliases"),
                Dialect = DialectOf(),
                BaseUrl = TextOf(json, "base_url", "base_url") ?? throw Wrong("base_url", "is missing"),
                BaseUrlVariables = ListOf("base_url_env"),
                StripPath = TextOf(json, "strip_path", "strip_path") ?? "",
                Instead = InsteadOf(),
                KeyHeader = (auth is { } a ? TextOf(a, "header", "auth.header") : null) ?? "Authorization",
                KeyPrefix = auth is { } b ? TextOf(b, "prefix", "auth.prefix") ?? "" : "Bearer ",
                KeyVariables = ListOf("key_env"),
                IsKeyOptional = FlagOf("key_optional") ?? !json.TryGetProperty("key_env", out _),
                TakesToken = FlagOf("token") ?? false,
                Headers = HeadersOf(),
                DefaultModel = TextOf(json, "default_model", "default_model") ?? "",
                Billing = BillingOf(),
                ReasoningField = TextOf(json, "reasoning_field", "reasoning_field"),
                Refuses = ListOf("refuses").ToFrozenSet(),
                EmbeddingFormat = format,
                EmbeddingBaseUrl = embeddings is { } c ? TextOf(c, "base_url", "embeddings.base_url") : null,
                DefaultEmbeddingModel = embeddings is { } d ? TextOf(d, "default_model", "embeddings.default_model") : null,
                Models = ModelsOf(maxTokens),
                Sources = ListOf("sources"),
            };
        }

        private string DialectOf()
        {
            var dialect = TextOf(json, "dialect", "dialect") ?? throw Wrong("dialect", "is missing");

            // Bedrock's lives in a package of its own, which may be there or not.
            return dialect == "bedrock" || LlmGateway.Dialects.Dialect.Find(dialect) is not null ? dialect : throw Wrong("dialect", $"is '{dialect}'; there are {string.Join(", ", LlmGateway.Dialects.Dialect.Names)}");
        }

        private VendorAddress? InsteadOf()
        {
            if (ObjectOf(json, "instead", "instead") is not { } instead) return null;
            return new VendorAddress(Needed(instead, "when", "instead.when"), Needed(instead, "base_path", "instead.base_path"), Needed(instead, "path", "instead.path"));
        }

        private List<KeyValuePair<string, string>> HeadersOf()
        {
            var headers = new List<KeyValuePair<string, string>>();
            if (ObjectOf(json, "headers", "headers") is not { } all) return headers;
            foreach (var header in all.EnumerateObject()) headers.Add(new(header.Name, header.Value.ValueKind == JsonValueKind.String ? header.Value.GetString()! : throw Wrong($"headers.{header.Name}", "is not a string")));
            return headers;
        }

        private ProviderBilling BillingOf() => TextOf(json, "billing", "billing") switch
        {
            null or "price_book" => ProviderBilling.PriceBook,
            "free" => ProviderBilling.Free,
            "reported" => ProviderBilling.Reported,
            var other => throw Wrong("billing", $"is '{other}'; it may be price_book, free or reported"),
        };

        private List<ModelRule> ModelsOf(string? maxTokensField)
        {
            var rules = new List<ModelRule>();
            if (!json.TryGetProperty("models", out var models)) return [new ModelRule("*", new ModelCapabilities { MaxTokensField = maxTokensField })];
            if (models.ValueKind != JsonValueKind.Array) throw Wrong("models", "is not a list");
            foreach (var model in models.EnumerateArray()) rules.Add(RuleOf(model, $"models[{rules.Count}]", maxTokensField));
            return rules;
        }

        private ModelRule RuleOf(JsonElement rule, string place, string? maxTokensField)
        {
            if (rule.ValueKind != JsonValueKind.Object) throw Wrong(place, "is not an object");
            var capabilities = new ModelCapabilities { MaxTokensField = maxTokensField };
            foreach (var member in rule.EnumerateObject())
            {
                capabilities = member.Name switch
                {
                    "match" => capabilities,
                    "native_schema" => capabilities with { NativeSchema = Flag(member) },
                    "unsupported_schema" => capabilities with { UnsupportedSchemaFeatures = Features(member) },
                    "schema_subset" => capabilities with { SchemaSubset = Subset(member) },
                    "schema_with_tools" => capabilities with { SchemaWithTools = Flag(member) },
                    "forced_tool_thinking" => capabilities with { ForcedToolWhileThinking = Flag(member) },
                    "forced_tool" => capabilities with { ForcedTool = Flag(member) },
                    "tools" => capabilities with { Tools = Flag(member) },
                    "strict_tools" => capabilities with { StrictTools = Flag(member) },
                    "vision" => capabilities with { Vision = Flag(member) },
                    "documents" => capabilities with { Documents = Flag(member) },
                    "audio" => capabilities with { Audio = Flag(member) },
                    "prefill" => capabilities with { Prefill = Flag(member) },
                    "thinking" => capabilities with { Thinking = Flag(member) },
                    "temperature" => capabilities with { Temperature = Flag(member) },
                    "max_tokens_field" => capabilities with { MaxTokensField = member.Value.GetString() },
                    "context_window" => capabilities with { ContextWindow = Number(member) },
                    "max_output_tokens" => capabilities with { MaxOutputTokens = Number(member) },
                    _ => throw Wrong($"{place}.{member.Name}", "is not something that a model can do"),
                };
            }

            return new ModelRule(Needed(rule, "match", $"{place}.match"), capabilities);

            bool Flag(JsonProperty member) => member.Value.ValueKind is JsonValueKind.True or JsonValueKind.False ? member.Value.GetBoolean() : throw Wrong($"{place}.{member.Name}", "is not true or false");

            int Number(JsonProperty member) => member.Value.ValueKind == JsonValueKind.Number && member.Value.TryGetInt32(out var number) && number > 0 ? number : throw Wrong($"{place}.{member.Name}", "is not a whole number above 0");

            SchemaSubset Subset(JsonProperty member) => member.Value.ValueKind == JsonValueKind.String ? member.Value.GetString() switch
            {
                "all" => SchemaSubset.All,
                "openai_strict" => SchemaSubset.OpenAIStrict,
                "anthropic" => SchemaSubset.Anthropic,
                "gemini" => SchemaSubset.Gemini,
                var other => throw Wrong($"{place}.{member.Name}", $"is '{other}'; it may be all, openai_strict, anthropic or gemini"),
            } : throw Wrong($"{place}.{member.Name}", "is not a string");

            SchemaFeatures Features(JsonProperty member)
            {
                var features = SchemaFeatures.None;
                foreach (var word in Strings(member.Value, $"{place}.{member.Name}"))
                {
                    features |= word switch
                    {
                        "open_objects" => SchemaFeatures.OpenObjects,
                        "recursion" => SchemaFeatures.Recursion,
                        "any_type" => SchemaFeatures.AnyType,
                        _ => throw Wrong($"{place}.{member.Name}", $"holds '{word}'; there are open_objects, recursion, any_type"),
                    };
                }

                return features;
            }
        }

        private List<string> ListOf(string field) => json.TryGetProperty(field, out var value) ? Strings(value, field) : [];

        /// <summary>A list of strings, or the one string that stands for it.</summary>
        private List<string> Strings(JsonElement value, string place)
        {
            if (value.ValueKind == JsonValueKind.String) return [value.GetString()!];
            if (value.ValueKind != JsonValueKind.Array) throw Wrong(place, "is not a string or a list of strings");
            return [.. value.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.String ? item.GetString()! : throw Wrong(place, "is not a list of strings"))];
        }

        private bool? FlagOf(string field)
        {
            if (!json.TryGetProperty(field, out var value)) return null;
            return value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Wrong(field, "is not true or false");
        }

        private string Needed(JsonElement element, string field, string place) => TextOf(element, field, place) ?? throw Wrong(place, "is missing");

        private string? TextOf(JsonElement element, string field, string place)
        {
            if (!element.TryGetProperty(field, out var value)) return null;
            return value.ValueKind == JsonValueKind.String ? value.GetString() : throw Wrong(place, "is not a string");
        }

        private JsonElement? ObjectOf(JsonElement element, string field, string place)
        {
            if (!element.TryGetProperty(field, out var value)) return null;
            return value.ValueKind == JsonValueKind.Object ? value : throw Wrong(place, "is not an object");
        }

        private FormatException Wrong(string field, string what) => new($"vendor '{name}'{(field.Length == 0 ? "" : $": {field}")} {what}.");
    }
}
