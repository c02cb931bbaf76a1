using System.Net;
using LlmGateway.Server.Admin;
using LlmGateway.Server.Callers;
using LlmGateway.Server.Hosting;
using Microsoft.AspNetCore.Http;

namespace LlmGateway.Server.Metrics;

/// <summary>
/// Who may read metrics: where there are no keys, whoever may ask; else this machine itself, and who has the admin token. What a
/// proxy on this machine passes on is not of this machine.
/// </summary>
internal sealed class MetricsGuard(Gateway gateway)
{
    private readonly AdminGuard? _admin = gateway.Options.AdminToken is { Length: > 0 } token ? new AdminGuard(token, gateway.Time) : null;

    public bool MayRead(HttpContext http)
    {
        if (!gateway.Callers.HasKeys) return CallerGate.IsAskedByItsName(http);
        if (IsLocal(http) && CallerGate.IsAskedByItsName(http)) return true;
        try
        {
            _admin?.Check(http.Request);
            return _admin is not null;
        }
        catch (AdminException)
        {
            return false;
        }
    }

    private static bool IsLocal(HttpContext http)
        => http.Connection.RemoteIpAddress is { } remote && IPAddress.IsLoopback(remote)
        && !http.Request.Headers.ContainsKey("x-forwarded-for") && !http.Request.Headers.ContainsKey("forwarded");
}
