using LlmGateway.Dialects;
using LlmGateway.Dialects.Anthropic;

namespace LlmGateway.Vendors;

/// <summary>A vendor, which is data: one row here, unless its protocol really differs.</summary>
internal sealed record Vendor(
    string Name,
    IDialect Dialect,
    Uri BaseUrl,
    string KeyHeader,
    IReadOnlyList<string> KeyVariables,
    IReadOnlyList<string> BaseUrlVariables,
    string DefaultModel,
    IReadOnlyList<ModelRule> Models)
{
    public static IReadOnlyList<Vendor> All { get; } =
    [
        // https://platform.claude.com/docs/en/api/overview (address, headers)
        // https://platform.claude.com/docs/en/build-with-claude/structured-outputs (models with native schemas: 4.5 and later)
        new("anthropic", AnthropicDialect.Instance, new Uri("https://api.anthropic.com"), "x-api-key",
            ["ANTHROPIC_API_KEY"], ["ANTHROPIC_BASE_URL"], "claude-sonnet-5",
            [
                new("claude-2", ModelCapabilities.Basic),
                new("claude-instant", ModelCapabilities.Basic),
                new("claude-3", new ModelCapabilities { ForcedTool = true }),
                new("claude-sonnet-4-0", new ModelCapabilities { ForcedTool = true }),
                new("claude-sonnet-4-2", new ModelCapabilities { ForcedTool = true }),
                new("claude-opus-4-0", new ModelCapabilities { ForcedTool = true }),
                new("claude-opus-4-1", new ModelCapabilities { ForcedTool = true }),
                new("claude-opus-4-2", new ModelCapabilities { ForcedTool = true }),
                new("claude-", new ModelCapabilities
                {
                    NativeSchema = true,
                    UnsupportedSchemaFeatures = SchemaFeatures.OpenObjects | SchemaFeatures.Recursion | SchemaFeatures.AnyType,
                    ForcedTool = true,
                }),
                new("", new ModelCapabilities { ForcedTool = true }),
            ]),
    ];

    /// <summary>What a model can do, by the first rule that fits its name.</summary>
    public ModelCapabilities CapabilitiesOf(string model)
    {
        foreach (var rule in Models)
        {
            if (model.StartsWith(rule.Prefix, StringComparison.OrdinalIgnoreCase)) return rule.Capabilities;
        }

        return ModelCapabilities.Basic;
    }
}

/// <summary>What models whose names begin so can do.</summary>
internal sealed record ModelRule(string Prefix, ModelCapabilities Capabilities);
