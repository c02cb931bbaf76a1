namespace LlmGateway.Tests.Providers.LocalGemini;

/// <summary>What version 0.61.0 of the real CLI printed against a server on 127.0.0.1, without members that nothing reads.</summary>
internal static class Printed
{
    public static readonly string Answer = Result("Hello");

    public static string Result(string response, string errors = "{}", string model = "gemini-3.8-flash", string tokens = """{"input":60,"prompt":100,"candidates":20,"total":127,"cached":40,"thoughts":7,"tool":0}""") => $$"""
        {
          "session_id": "f67680ad-e98d-4355-bf2a-73b7c53c41cd",
          "response": "{{response}}",
          "stats": {
            "models": {
              "{{model}}": {
                "api": {"totalRequests": 1, "totalErrors": 0, "totalLatencyMs": 262, "errorsByType": {{errors}} },
                "tokens": {{tokens}}
              }
            },
            "tools": {"totalCalls": 0}
          }
        }
        """;

    /// <summary>The CLI tells its errors on standard error, after a stack trace.</summary>
    public static string Error(string message, int code) => $$"""
        Ripgrep is not available. Falling back to GrepTool.
            at async main (file:///x/bundle/gemini.js:17627:5) {
          cause: {
            code: 429,
            details: [ [Object] ]
          },
          status: 429
        }
        {
          "session_id": "fd771089-bcdd-4eb3-80eb-f418d52101ec",
          "error": {
            "type": "Error",
            "message": "{{message}}",
            "code": {{code}}
          }
        }
        """;

    /// <summary>The CLI's own log of the run: a reason for each piece of the answer.</summary>
    public static string Report(params string[] reasons) => $$"""
        {
          "hrTime": [1795527440, 1],
          "attributes": {
            "event.name": "gemini_cli.api_request",
            "model": "gemini-3.8-flash"
          }
        }
        {
          "hrTime": [1795527441, 764000000],
          "attributes": {
            "event.name": "gemini_cli.api_response",
            "model": "gemini-3.8-flash",
            "status_code": 200,
            "finish_reasons": [{{string.Join(", ", reasons.Select(r => $"\"{r}\""))}}],
            "role": "main"
          },
          "_body": "API response from gemini-3.8-flash. Status: 200. Duration: 496ms."
        }
        """;
}
