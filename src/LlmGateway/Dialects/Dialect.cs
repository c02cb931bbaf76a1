using System.Collections.Immutable;
using LlmGateway.Dialects.Anthropic;
using LlmGateway.Dialects.Gemini;
using LlmGateway.Dialects.OpenAI;
using LlmGateway.Dialects.OpenAIResponses;

namespace LlmGateway.Dialects;

/// <summary>The dialects by name.</summary>
internal static class Dialect
{
    private static ImmutableSortedDictionary<string, IDialect> _all = ImmutableSortedDictionary.Create<string, IDialect>(StringComparer.Ordinal)
        .Add("anthropic", AnthropicDialect.Instance)
        .Add("gemini", GeminiDialect.Instance)
        .Add("openai", OpenAIDialect.Instance)
        .Add("openai_responses", ResponsesDialect.Instance);

    /// <summary>All names, sorted.</summary>
    public static IEnumerable<string> Names => _all.Keys;

    /// <summary>The dialect of that name; null where there is none.</summary>
    public static IDialect? Find(string name) => _all.GetValueOrDefault(name);

    /// <summary>Adds one that lives in a package of its own.</summary>
    public static void Register(IDialect dialect)
        => ImmutableInterlocked.Update(ref _all, static (all, added) => all.SetItem(added.Name, added), dialect);
}
