using LlmGateway.Server.Keys;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace LlmGateway.Server.Admin;

/// <summary>
/// <c>/admin/*</c>: keys, their budgets and the ledger, as JSON, for whoever runs the gateway. It has a token of its own; without
/// one there is nothing there. Errors are <c>{"error":{"code","message","field"}}</c>.
/// </summary>
internal static class AdminEndpoints
{
    /// <summary>The variable that sets the token.</summary>
    public const string TokenVariable = "LLM_ADMIN_TOKEN";

    /// <summary>Maps all of it.</summary>
    /// <param name="endpoints">Where.</param>
    /// <param name="keys">The keys.</param>
    /// <param name="budgets">What is spent of budgets; null where nothing is counted.</param>
    /// <param name="ledgerFile">The ledger's file; null where there is none.</param>
    /// <param name="adminToken">The token; null or empty for a 404 on everything.</param>
    /// <param name="time">The clock; null for the system's.</param>
    /// <exception cref="GatewayException">The token is too short, or has the form of a key.</exception>
    public static IEndpointConventionBuilder Map(IEndpointRouteBuilder endpoints, KeyStore keys, IBudgetStore? budgets, string? ledgerFile, string? adminToken, TimeProvider? time = null)
    {
        time ??= TimeProvider.System;
        var guard = string.IsNullOrEmpty(adminToken) ? null : new AdminGuard(adminToken, time);
        var (ofKeys, ofBudgets, ofLedger) = (new AdminKeys(keys, time), new AdminBudgets(keys, budgets, time), new AdminLedger(keys, ledgerFile));
        return endpoints.Map("/admin/{**path}", (RequestDelegate)(http => AnswerAsync(new AdminContext(http))));

        async Task AnswerAsync(AdminContext context)
        {
            context.Http.Response.Headers.CacheControl = "no-store";
            try
            {
                if (guard is null) throw AdminException.NotFound("There is nothing here.");
                guard.Check(context.Http.Request);
                await DispatchAsync(context).ConfigureAwait(false);
            }
            catch (Exception e) when (ErrorOf(e) is { } error && !context.Http.Response.HasStarted)
            {
                await context.AnswerAsync(error).ConfigureAwait(false);
            }
        }

        Task DispatchAsync(AdminContext context) => PathOf(context.Http) switch
        {
            ["keys"] => ofKeys.AllAsync(context),
            ["keys", var id] => ofKeys.OneAsync(context, id),
            ["keys", var id, "rotate"] => ofKeys.RotateAsync(context, id),
            ["keys", var id, "budget"] => ofBudgets.AnswerAsync(context, id),
            ["ledger"] => ofLedger.AnswerAsync(context),
            _ => throw AdminException.NotFound("There are /admin/keys, /admin/keys/{id}, /admin/keys/{id}/rotate, /admin/keys/{id}/budget and /admin/ledger."),
        };
    }

    private static string[] PathOf(HttpContext http) => ((string?)http.Request.RouteValues["path"] ?? "").Split('/');

    private static AdminException? ErrorOf(Exception error) => error switch
    {
        AdminException admin => admin,
        KeySettingException setting => KeySettingsRules.Fields.Contains(setting.Field) ? AdminException.Invalid(setting.Message, setting.Field) : AdminException.UnknownField(setting.Field, setting.Message),
        KeyRevokedException => new AdminException(409, "key_revoked", error.Message),
        KeyStoreException or LedgerException => new AdminException(503, "storage_unavailable", error.Message),
        BadHttpRequestException bad => new AdminException(bad.StatusCode, "bad_request", bad.Message),
        IOException => new AdminException(400, "bad_request", "The body broke off, or does not come in the pieces that its headers promise."),
        _ => null,
    };
}
