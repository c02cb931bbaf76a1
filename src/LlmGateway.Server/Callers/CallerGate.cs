using System.Net;
using LlmGateway.Server.Calls;
using LlmGateway.Server.Models;
using Microsoft.AspNetCore.Http;

namespace LlmGateway.Server.Callers;

/// <summary>Says who asks, what it may ask, and whether its limits have room.</summary>
internal sealed class CallerGate(LlmGatewayServerOptions options)
{
    public bool HasKeys => false;

    /// <exception cref="BadRequestException">There are keys, and the request has none that is good.</exception>
    public Caller Identify(HttpContext http)
    {
        if (options.RequireKeys) throw new BadRequestException(ProviderErrorKind.Authentication, "The gateway asks for a key.");
        CheckHost(http);
        return Caller.Anybody;
    }

    public void Allow(Caller caller, IReadOnlyList<ModelName> names, bool hasFallbacks)
    {
    }

    public CallerLease Admit(Caller caller, long tokens) => CallerLease.Unlimited;

    /// <summary>A page that a browser shows here can have its own name point to this machine; the name it asks for gives it away.</summary>
    private static void CheckHost(HttpContext http)
    {
        if (http.Connection.LocalIpAddress is not { } local || !IPAddress.IsLoopback(local)) return;
        var host = http.Request.Host.Host;
        if (host is "localhost" or "" || (IPAddress.TryParse(host.Trim('[', ']'), out _))) return;
        throw new BadRequestException(ProviderErrorKind.InvalidRequest, "Without keys the gateway answers on this machine only, by its address or as localhost: the header Host has another name.") { Status = 421 };
    }
}
