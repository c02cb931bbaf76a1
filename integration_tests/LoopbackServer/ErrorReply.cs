using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace LoopbackServer;

/// <summary>The API's error shape. Source: https://platform.claude.com/docs/en/api/errors.</summary>
internal static class ErrorReply
{
    public static Task WriteAsync(HttpContext http, int status)
    {
        var type = status switch
        {
            401 => "authentication_error",
            404 => "not_found_error",
            429 => "rate_limit_error",
            529 => "overloaded_error",
            >= 500 => "api_error",
            _ => "invalid_request_error",
        };
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        var error = new JsonObject { ["type"] = "error", ["error"] = new JsonObject { ["type"] = type, ["message"] = $"The loopback server was asked to fail with {status}." } };
        return http.Response.WriteAsync(error.ToJsonString(), http.RequestAborted);
    }
}
