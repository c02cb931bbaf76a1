using System.Collections.ObjectModel;

namespace LlmGateway.Server.Keys;

/// <summary>What whoever runs the gateway sets of a key, and may change. Immutable; <see cref="KeySettingsRules"/> says what is valid.</summary>
internal record KeySettings
{
    /// <summary>What it is called, for people: 1 to 100 characters, need not be unique.</summary>
    public string Name { get; init; } = "";

    /// <summary>The first moment at which it is no longer valid; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>
    /// The models that it may name, in which <c>*</c> stands for anything. One with a slash is held against <c>vendor/model</c>,
    /// one without against the model's name alone. Where this and <see cref="Routes"/> are both empty it may use all of both.
    /// </summary>
    public IReadOnlyList<string> Models { get; init => field = Array.AsReadOnly([.. value]); } = [];

    /// <summary>The routes that it may name, likewise. A route that may be named may use all of its targets.</summary>
    public IReadOnlyList<string> Routes { get; init => field = Array.AsReadOnly([.. value]); } = [];

    /// <summary>Whether a request may name fallbacks of its own. They must be among the models and routes that it may use.</summary>
    public bool MayFallBack { get; init; }

    /// <summary>The most requests that begin in any 60 seconds, at least 1; null for no limit.</summary>
    public int? RequestsPerMinute { get; init; }

    /// <summary>The most tokens, input and output, of any 60 seconds, at least 1; null for no limit.</summary>
    public int? TokensPerMinute { get; init; }

    /// <summary>The most requests at once, at least 1; null for no limit.</summary>
    public int? MaxConcurrent { get; init; }

    /// <summary>What it may spend, at most one for each window. Never null.</summary>
    public IReadOnlyList<KeyBudget> Budgets { get; init => field = Array.AsReadOnly([.. value]); } = [];

    /// <summary>Labels of its calls, for the ledger and for budgets over several keys. Never null.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init => field = new ReadOnlyDictionary<string, string>(new SortedDictionary<string, string>(value.ToDictionary(), StringComparer.Ordinal)); } = ReadOnlyDictionary<string, string>.Empty;
}
