namespace LlmGateway.Tests.Providers.LocalClaude;

/// <summary>What version 2.1.197 of the real CLI printed against a server on 127.0.0.1, without fields that nothing reads.</summary>
internal static class Printed
{
    public const string Answer = """
        {"type":"result","subtype":"success","is_error":false,"api_error_status":null,"duration_ms":59,"num_turns":1,"result":"Hello","stop_reason":"end_turn","session_id":"a8da702c-f114-410b-80bf-2cd78918a42a","total_cost_usd":0.00012075000000000001,"usage":{"input_tokens":11,"cache_creation_input_tokens":3,"cache_read_input_tokens":5,"output_tokens":5,"server_tool_use":{"web_search_requests":0,"web_fetch_requests":0},"service_tier":"standard","cache_creation":{"ephemeral_1h_input_tokens":0,"ephemeral_5m_input_tokens":0},"speed":"standard"},"modelUsage":{"claude-sonnet-5":{"inputTokens":11,"outputTokens":5,"cacheReadInputTokens":5,"cacheCreationInputTokens":3,"webSearchRequests":0,"costUSD":0.00012075000000000001,"contextWindow":200000,"maxOutputTokens":64000}},"permission_denials":[],"terminal_reason":"completed","uuid":"656ca34e-878a-49ca-97c7-cec7de249056"}
        """;

    public const string Structured = """
        {"type":"result","subtype":"success","is_error":false,"api_error_status":null,"num_turns":2,"result":"{\"result\":4}","stop_reason":"tool_use","total_cost_usd":0.00015075,"usage":{"input_tokens":11,"cache_creation_input_tokens":3,"cache_read_input_tokens":5,"output_tokens":7},"modelUsage":{"claude-sonnet-4-5":{"inputTokens":11,"outputTokens":7,"cacheReadInputTokens":5,"cacheCreationInputTokens":3}},"structured_output":{"result": 4.50},"terminal_reason":"completed"}
        """;

    public const string ZeroUsage = "\"usage\":{\"input_tokens\":0,\"cache_creation_input_tokens\":0,\"cache_read_input_tokens\":0,\"output_tokens\":0}";

    public const string RealUsage = "\"usage\":{\"input_tokens\":11,\"cache_creation_input_tokens\":3,\"cache_read_input_tokens\":5,\"output_tokens\":5}";

    public const string Init = """{"type":"system","subtype":"init","cwd":"/tmp/x","tools":[],"model":"claude-sonnet-5","apiKeySource":"ANTHROPIC_API_KEY","claude_code_version":"2.1.197"}""";

    /// <summary>An error as <c>--verbose</c> shows it: the CLI's own message with a code, then the result.</summary>
    public static string Error(string message, int? status = null, string? code = null, string reason = "completed", string subtype = "success") => $$"""
        [{{Init}},{"type":"assistant","message":{"id":"b2f5","model":"<synthetic>","role":"assistant","content":[{"type":"text","text":"{{message}}"}]},"error":"{{code ?? "unknown"}}","request_id":"req_err"},{"type":"result","subtype":"{{subtype}}","is_error":true,"api_error_status":{{status?.ToString() ?? "null"}},"num_turns":1,"result":"{{message}}","stop_reason":"stop_sequence","total_cost_usd":0,{{ZeroUsage}},"modelUsage":{},"terminal_reason":"{{reason}}"}]
        """;

    public static string FromModel(string content, string id = "msg_1") => $$"""
        {"type":"assistant","message":{"id":"{{id}}","type":"message","role":"assistant","model":"claude-sonnet-5","content":[{{content}}],"usage":{"input_tokens":11,"output_tokens":1,"cache_creation_input_tokens":3,"cache_read_input_tokens":5} },"request_id":"req_1"}
        """;

    public static string Text(string text) => $$"""{"type":"text","text":"{{text}}"}""";
}
