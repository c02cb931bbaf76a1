using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace LlmGateway.Server.Metrics;

/// <summary><c>/metrics</c>, for Prometheus.</summary>
internal static class MetricsEndpoint
{
    /// <param name="routes">Where.</param>
    /// <param name="exporter">What it tells.</param>
    /// <param name="mayRead">Whether a request may read it: it names models and says what was spent.</param>
    public static void Map(IEndpointRouteBuilder routes, PrometheusExporter exporter, Func<HttpContext, bool> mayRead)
        => routes.MapGet("/metrics", async http =>
        {
            http.Response.Headers.CacheControl = "no-store";
            if (!mayRead(http))
            {
                http.Response.StatusCode = StatusCodes.Status401Unauthorized;
                http.Response.Headers.WWWAuthenticate = "Bearer";
                http.Response.ContentType = "text/plain; charset=utf-8";
                await http.Response.WriteAsync("Metrics are read from this machine, or with the admin token as 'Authorization: Bearer ...'.\n", http.RequestAborted).ConfigureAwait(false);
                return;
            }

            http.Response.ContentType = PrometheusText.ContentType;
            await exporter.WriteAsync(http.Response.BodyWriter, http.RequestAborted).ConfigureAwait(false);
        });
}
