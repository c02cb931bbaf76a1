using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace LlmGateway.Server.Health;

/// <summary>
/// <c>/health/live</c>, which is 200 as long as the process serves, and <c>/health/ready</c>, which is 200 where it should be
/// given requests, and else 503 with what is wrong. Neither asks for a key, and neither says more than names and why.
/// </summary>
internal static class HealthEndpoints
{
    private static readonly string[] Methods = ["GET", "HEAD"];

    /// <param name="routes">Where.</param>
    /// <param name="checks">What must hold for it to be ready: the name, and what is wrong, or null. Asked each time, so cheap; one that throws is wrong.</param>
    public static void Map(IEndpointRouteBuilder routes, IEnumerable<Func<(string Name, string? Trouble)>> checks)
    {
        Func<(string Name, string? Trouble)>[] all = [.. checks];
        routes.MapMethods("/health/live", Methods, http => WriteAsync(http, 200, static json => json.WriteString("status", "live")));
        routes.MapMethods("/health/ready", Methods, http =>
        {
            var results = Array.ConvertAll(all, Ask);
            var isReady = Array.TrueForAll(results, static result => result.Trouble is null);
            return WriteAsync(http, isReady ? 200 : 503, json =>
            {
                json.WriteString("status", isReady ? "ready" : "not_ready");
                json.WriteStartObject("checks");
                foreach (var (name, trouble) in results) json.WriteString(name, trouble ?? "ok");
                json.WriteEndObject();
            });
        });
    }

    private static (string Name, string? Trouble) Ask(Func<(string Name, string? Trouble)> check)
    {
        try
        {
            return check();
        }
        catch (Exception e)
        {
            // What it says may hold a path or more.
            return (check.Method.Name.Trim('<', '>'), e.GetType().Name);
        }
    }

    private static Task WriteAsync(HttpContext http, int status, Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = buffer.WrittenCount;
        http.Response.Headers.CacheControl = "no-store";
        return HttpMethods.IsHead(http.Request.Method) ? Task.CompletedTask : http.Response.Body.WriteAsync(buffer.WrittenMemory, http.RequestAborted).AsTask();
    }
}
