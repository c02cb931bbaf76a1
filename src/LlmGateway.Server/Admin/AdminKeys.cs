using System.Globalization;
using System.Text.Json;
using LlmGateway.Server.Keys;

namespace LlmGateway.Server.Admin;

/// <summary><c>/admin/keys</c>: list, make, change, revoke and rotate.</summary>
internal sealed class AdminKeys(KeyStore keys, TimeProvider time)
{
    private const int MostOnAPage = 1000;

    public Task AllAsync(AdminContext context) => context.Method switch
    {
        "GET" => ListAsync(context),
        "POST" => CreateAsync(context),
        _ => throw context.NotAllowed("GET", "POST"),
    };

    public Task OneAsync(AdminContext context, string id)
    {
        context.AllowParameters();
        return context.Method switch
        {
            "GET" => AnswerAsync(context, keys.Get(id), id),
            "PATCH" => ChangeAsync(context, id),
            "DELETE" => AnswerAsync(context, keys.Revoke(id), id),
            _ => throw context.NotAllowed("GET", "PATCH", "DELETE"),
        };
    }

    public async Task RotateAsync(AdminContext context, string id)
    {
        context.AllowParameters();
        if (context.Method != "POST") throw context.NotAllowed("POST");
        using var body = await context.ReadAsync(isOptional: true).ConfigureAwait(false);
        var overlap = KeyStore.DefaultOverlap;
        foreach (var member in body.RootElement.EnumerateObject())
        {
            if (member.Name != "overlap_seconds") throw AdminException.UnknownField(member.Name, "There is only overlap_seconds: how long the secrets before stay valid.");
            if (member.Value.ValueKind != JsonValueKind.Number || !member.Value.TryGetInt64(out var seconds) || seconds < 0 || seconds > KeyStore.MostOverlap.TotalSeconds)
                throw AdminException.Invalid($"overlap_seconds must be a whole number of 0 to {KeyStore.MostOverlap.TotalSeconds.ToString(CultureInfo.InvariantCulture)}.", member.Name);
            overlap = TimeSpan.FromSeconds(seconds);
        }

        var (key, secret) = keys.Rotate(id, overlap) ?? throw Unknown(id);
        var now = time.GetUtcNow();
        await context.AnswerAsync(200, json =>
        {
            json.WriteString("key", secret);
            json.WriteString("old_valid_until", KeyJson.Time(now + overlap));
            KeyJson.Write(json, key, now);
        }).ConfigureAwait(false);
    }

    /// <summary>For what is asked of a key that is not there.</summary>
    public static AdminException Unknown(string id) => AdminException.NotFound(KeyText.IsId(id) ? $"There is no key {id}." : "There is no such key: an id has 10 small letters and digits, and is the second part of a key.");

    private Task ListAsync(AdminContext context)
    {
        context.AllowParameters("after", "limit");
        var limit = MostOnAPage;
        if (context.Parameter("limit") is { } text && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > MostOnAPage))
            throw AdminException.Invalid($"limit must be a number of 1 to {MostOnAPage}.", "limit");
        var (all, first) = (keys.All, 0);
        if (context.Parameter("after") is { } after)
        {
            while (first < all.Count && all[first].Id != after) first++;
            if (first++ == all.Count) throw AdminException.Invalid("after must be the id of a key, such as the 'next' of the page before.", "after");
        }

        var now = time.GetUtcNow();
        return context.AnswerAsync(200, json =>
        {
            json.WriteStartArray("keys");
            foreach (var key in all.Skip(first).Take(limit))
            {
                json.WriteStartObject();
                KeyJson.Write(json, key, now);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteString("next", first + limit < all.Count ? all[first + limit - 1].Id : null);
        });
    }

    private async Task CreateAsync(AdminContext context)
    {
        context.AllowParameters();
        using var body = await context.ReadAsync().ConfigureAwait(false);
        var (key, secret) = keys.Create(KeyJson.Read(body.RootElement, new KeySettings()));
        context.Http.Response.Headers.Location = $"/admin/keys/{key.Id}";
        await context.AnswerAsync(201, json =>
        {
            json.WriteString("key", secret);
            KeyJson.Write(json, key, time.GetUtcNow());
        }).ConfigureAwait(false);
    }

    private async Task ChangeAsync(AdminContext context, string id)
    {
        using var body = await context.ReadAsync().ConfigureAwait(false);
        await AnswerAsync(context, keys.Update(id, settings => KeyJson.Read(body.RootElement, settings)), id).ConfigureAwait(false);
    }

    private Task AnswerAsync(AdminContext context, VirtualKey? key, string id)
        => key is null ? throw Unknown(id) : context.AnswerAsync(200, json => KeyJson.Write(json, key, time.GetUtcNow()));
}
