using System.Diagnostics.CodeAnalysis;
using LlmGateway.Budgets;

namespace LlmGateway.Server.Keys;

/// <summary>A key that a caller of the server has, as the server knows it: what it may do, and never its secret. Immutable.</summary>
internal sealed record VirtualKey : KeySettings
{
    /// <summary>The tag by which the ledger knows whose call it was. No key and no caller sets it otherwise.</summary>
    public const string Tag = "key";

    public VirtualKey(KeySettings settings)
        : base(settings)
    {
    }

    /// <summary>What is made of the settings once is not copied: <c>with</c> may be about to change them.</summary>
    [SetsRequiredMembers]
    private VirtualKey(VirtualKey key)
        : base(key)
        => (Id, Prefix, CreatedAt, RevokedAt) = (key.Id, key.Prefix, key.CreatedAt, key.RevokedAt);

    /// <summary>Its id, unique and no secret: 10 small letters and digits.</summary>
    public required string Id { get; init; }

    /// <summary>How its newest secret begins, to tell which one it is.</summary>
    public required string Prefix { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was revoked, for ever; null where it is not.</summary>
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>Its budgets as the core takes them, made once: <c>key-&lt;id&gt;-&lt;window&gt;</c>.</summary>
    public IReadOnlyList<Budget> CoreBudgets => field ??= Array.AsReadOnly([.. Budgets.Select(budget => budget.ToBudget(Id))]);

    /// <summary>The same, each with the account that it has at a time, for <see cref="LlmGateway.Client.CallScope"/>.</summary>
    public IReadOnlyList<BudgetAccounts> Accounts => field ??= Array.AsReadOnly([.. CoreBudgets.Select(budget => new BudgetAccounts(budget))]);

    /// <summary>The tags of its calls: its own, and <see cref="Tag"/> with its id.</summary>
    public IReadOnlyDictionary<string, string> CallTags => field ??= new Dictionary<string, string>(Tags, StringComparer.Ordinal) { [Tag] = Id };

    /// <summary>In one word for people.</summary>
    public string StateAt(DateTimeOffset now) => RevokedAt is not null ? "revoked" : ExpiresAt <= now ? "expired" : "active";

    public override string ToString() => $"key {Id} ({Name})";
}
