using LlmGateway.Server.Keys;

namespace LlmGateway.Server.Admin;

/// <summary><c>/admin/keys/{id}/budget</c>: what a key may spend, and what it has.</summary>
internal sealed class AdminBudgets(KeyStore keys, IBudgetStore? store, TimeProvider time)
{
    public async Task AnswerAsync(AdminContext context, string id)
    {
        context.AllowParameters();
        var key = context.Method switch
        {
            "GET" => keys.Get(id),
            "PUT" => keys.Update(id, await NewAsync(context).ConfigureAwait(false)),
            _ => throw context.NotAllowed("GET", "PUT"),
        };
        if (key is null) throw AdminKeys.Unknown(id);
        var balances = await KeyBalance.ReadAsync(key, store, time.GetUtcNow(), context.Aborted).ConfigureAwait(false);
        await context.AnswerAsync(200, json =>
        {
            json.WriteString("id", key.Id);
            json.WriteStartArray("budgets");
            foreach (var balance in balances)
            {
                json.WriteStartObject();
                balance.Write(json);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }).ConfigureAwait(false);
    }

    /// <summary>What is spent stays: an account is that of its window, whatever its limit.</summary>
    private static async Task<Func<KeySettings, KeySettings>> NewAsync(AdminContext context)
    {
        using var body = await context.ReadAsync().ConfigureAwait(false);
        List<KeyBudget>? budgets = null;
        foreach (var member in body.RootElement.EnumerateObject())
            budgets = member.Name == "budgets" ? KeyJson.Budgets(member.Name, member.Value) : throw AdminException.UnknownField(member.Name, "There is only budgets: the list of all that the key is to have.");
        if (budgets is null) throw AdminException.Invalid("budgets is missing: the list of all that the key is to have.", "budgets");
        return settings => settings with { Budgets = budgets };
    }
}
