namespace LlmGateway.PriceData;

/// <summary>A model's name inside the longer ones that clouds give it, and what fine-tunes are called.</summary>
internal static class ModelPath
{
    private const string Tuned = "ft:";

    /// <summary>
    /// The model that a resource's name stands for: Bedrock's ARNs of models and inference profiles, Vertex' paths of
    /// publishers' models. Null for anything else: an endpoint, a provisioned model or an application's profile says no model.
    /// </summary>
    internal static string? Inside(string vendor, string name) => vendor switch
    {
        "bedrock" => InArn(name),
        "vertex" or "gemini" => InPath(name),
        _ => null,
    };

    /// <summary>
    /// The row of a fine-tune's base, as a row for fine-tunes is named: <c>ft:gpt-4o</c> for <c>ft:gpt-4o:acme::id</c> (OpenAI,
    /// Mistral) and <c>gpt-4o.ft-id</c> (Azure). Null for what is none.
    /// </summary>
    internal static string? TuneOf(string name)
    {
        if (IsTune(name)) return name.IndexOf(':', Tuned.Length) is > 0 and var end && end < name.Length - 1 ? name[..end] : null;
        return name.IndexOf(".ft-", StringComparison.OrdinalIgnoreCase) is > 0 and var at ? Tuned + name[..at] : null;
    }

    internal static bool IsTune(string name) => name.StartsWith(Tuned, StringComparison.OrdinalIgnoreCase);

    /// <summary>https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonbedrock.html#amazonbedrock-resources-for-iam-policies</summary>
    private static string? InArn(string name)
    {
        var parts = name.Split(':', 6);
        if (parts.Length < 6 || parts[0] != "arn" || !parts[1].StartsWith("aws", StringComparison.Ordinal) || parts[2] != "bedrock") return null;
        return After(parts[5], "foundation-model/") ?? After(parts[5], "inference-profile/");
    }

    /// <summary>https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/inference</summary>
    private static string? InPath(string name)
    {
        var parts = name.Split('/');
        if (parts is ["projects", _, "locations", _, .. var rest]) parts = rest;
        if (parts is not ["publishers", var publisher, "models", { Length: > 0 } model]) return IsDefault(name, out var alone) ? alone : null;
        // A name is only its publisher's: another's gemini is another model.
        var isClaude = model.StartsWith("claude", StringComparison.OrdinalIgnoreCase);
        if (!(publisher == "google" && !isClaude) && !(publisher == "anthropic" && isClaude)) return null;
        return IsDefault(model, out var undated) ? undated : model;
    }

    /// <summary>The version that is served where none is named.</summary>
    private static bool IsDefault(string name, out string model)
    {
        const string Default = "@default";
        var found = name.Length > Default.Length && name.EndsWith(Default, StringComparison.Ordinal);
        model = found ? name[..^Default.Length] : name;
        return found;
    }

    private static string? After(string text, string start) => text.Length > start.Length && text.StartsWith(start, StringComparison.Ordinal) ? text[start.Length..] : null;
}
