using LlmGateway.Configuration;

namespace LlmGateway.Routing.Configuration;

/// <summary>What a target may hold, whoever wrote it: a file, a section or code.</summary>
internal static class TargetRules
{
    /// <exception cref="FormatException">A value is out of its range; the message names the place.</exception>
    public static void Check(RouteTarget target, string place)
    {
        if (!IsVendor(target.Vendor)) throw Wrong("target", "has no vendor's name before its first slash");
        if (!IsModel(target.Model)) throw Wrong("target", "has a model's name with white space at its end, or with control characters");
        if (target.KeyVariable is { } key && !IsVariable(key)) throw Wrong("key_env", "is not a variable's name, which is of capital letters, digits and _ (it is not shown: it may be a key)");
        if (target.BaseUrl is { } url && !ConfigVariable.IsBaseUrl(url)) throw Wrong("base_url", "is not an absolute http or https URL without user name, password, query or fragment");
        if (!double.IsFinite(target.Weight) || target.Weight <= 0) throw Wrong("weight", "is not a number above 0");
        if (target.Timeout is { } timeout && timeout <= TimeSpan.Zero) throw Wrong("timeout_seconds", "is not above 0");
        if (target.MaxConcurrency < 1) throw Wrong("max_concurrency", "is not at least 1");
        if (target.MaxQueue < 0) throw Wrong("max_queue", "is not at least 0");
        if (target.RequestsPerMinute < 1) throw Wrong("requests_per_minute", "is not at least 1");
        if (target.TokensPerMinute < 1) throw Wrong("tokens_per_minute", "is not at least 1");
        if (target.When is { } when) Check(when, $"{place}.when");

        FormatException Wrong(string field, string what) => new($"{place}.{field} {what}.");
    }

    public static bool IsVendor(string? name) => !string.IsNullOrEmpty(name) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');

    /// <summary>An empty one is the vendor's default.</summary>
    public static bool IsModel(string? name) => name is not null && name.Trim().Length == name.Length && !name.Any(char.IsControl);

    /// <summary>In capitals alone: then no vendor's key is taken for the name of a variable, and shown in a message.</summary>
    public static bool IsVariable(string name) => name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c == '_');

    private static void Check(RouteCondition when, string place)
    {
        if (when.Tags is null || when.Tags.Any(tag => string.IsNullOrWhiteSpace(tag.Key) || string.IsNullOrWhiteSpace(tag.Value))) throw Wrong("tags", "holds a tag without a name or a value");
        if (when.MinInputTokens < 0) throw Wrong("min_input_tokens", "is not at least 0");
        if (when.MaxInputTokens < 1) throw Wrong("max_input_tokens", "is not at least 1");
        if (when.MaxInputTokens < when.MinInputTokens) throw Wrong("max_input_tokens", "is less than min_input_tokens");

        FormatException Wrong(string field, string what) => new($"{place}.{field} {what}.");
    }
}
