using System.Text;
using LlmGateway.Server.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace LlmGateway.Server.OpenApi;

/// <summary><c>/openapi.json</c>: all endpoints, as OpenAPI 3.1. It says nothing of this gateway but its version.</summary>
internal static class OpenApiEndpoint
{
    private static readonly Lazy<byte[]> Document = new(Read);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/openapi.json", static http =>
    {
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = Document.Value.Length;
        return http.Response.Body.WriteAsync(Document.Value, http.RequestAborted).AsTask();
    });

    private static byte[] Read()
    {
        using var stream = typeof(OpenApiEndpoint).Assembly.GetManifestResourceStream("LlmGateway.Server.openapi.json")!;
        using var reader = new StreamReader(stream);
        return Encoding.UTF8.GetBytes(reader.ReadToEnd().Replace("${VERSION}", ServerGauge.Version, StringComparison.Ordinal));
    }
}
