namespace LlmGateway.Tests.Providers.LocalCodex;

/// <summary>What version 0.169.0 of the real CLI printed against a server on 127.0.0.1.</summary>
internal static class Printed
{
    public const string Started = """
        {"type":"thread.started","thread_id":"01a20dbe-7599-7422-a6ca-3cc416387c57"}
        {"type":"item.completed","item":{"id":"item_0","type":"error","message":"Model metadata for `gpt-5.1` not found. Defaulting to fallback metadata; this can degrade performance and cause issues."}}
        {"type":"turn.started"}

        """;

    public const string Reasoning = """
        {"type":"item.completed","item":{"id":"item_1","type":"reasoning","text":"Thinking hard"}}

        """;

    public const string Completed = """
        {"type":"turn.completed","usage":{"input_tokens":100,"cached_input_tokens":40,"cache_write_input_tokens":9,"output_tokens":20,"reasoning_output_tokens":7}}

        """;

    public static readonly string Answer = Started + Reasoning + Message("Hello") + Completed;

    public static string Message(string text) => $$$"""{"type":"item.completed","item":{"id":"item_2","type":"agent_message","text":"{{{text}}}"}}""" + "\n";

    /// <summary>An error as the CLI tells it: twice.</summary>
    public static string Failed(string message) => $$$"""
        {"type":"error","message":"{{{message}}}"}
        {"type":"turn.failed","error":{"message":"{{{message}}}"}}

        """;
}
