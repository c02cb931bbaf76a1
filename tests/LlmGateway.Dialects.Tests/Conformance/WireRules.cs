using System.Text.Json;

namespace LlmGateway.Dialects.Tests.Conformance;

/// <summary>
/// What a vendor refuses with a 400, read from a request's own bytes and not by our codecs: a tool call without its result, a
/// result without its call, turns that do not take turns. From the vendors' documentation of messages and tool use.
/// </summary>
internal static class WireRules
{
    public static void Check(string dialect, byte[] body)
    {
        using var document = JsonDocument.Parse(body);
        var root = document.RootElement;
        switch (dialect)
        {
            case "openai":
                OpenAI(root.GetProperty("messages"));
                break;
            case "openai_responses":
                Responses(root.GetProperty("input"));
                break;
            case "anthropic":
                TakesTurns(root.GetProperty("messages"), "content", block => Id(block, "tool_use", "id"), block => Id(block, "tool_result", "tool_use_id"));
                break;
            case "bedrock":
                TakesTurns(root.GetProperty("messages"), "content", block => Inner(block, "toolUse", "toolUseId"), block => Inner(block, "toolResult", "toolUseId"));
                break;
            case "gemini":
                TakesTurns(root.GetProperty("contents"), "parts", block => Inner(block, "functionCall", "name"), block => Inner(block, "functionResponse", "name"));
                break;
            default:
                Assert.Fail($"There are no rules for {dialect}.");
                break;
        }
    }

    /// <summary>The messages right behind an assistant's calls are their results, one for each.</summary>
    private static void OpenAI(JsonElement messages)
    {
        var open = new List<string>();
        foreach (var message in messages.EnumerateArray())
        {
            var role = message.GetProperty("role").GetString();
            if (role == "tool") Assert.True(open.Remove(message.GetProperty("tool_call_id").GetString()!), "A result without a call.");
            else Assert.Empty(open);
            if (message.TryGetProperty("tool_calls", out var calls)) open.AddRange(calls.EnumerateArray().Select(call => call.GetProperty("id").GetString()!));
        }

        Assert.Empty(open);
    }

    private static void Responses(JsonElement input)
    {
        if (input.ValueKind == JsonValueKind.String) return;
        var open = new List<string>();
        foreach (var item in input.EnumerateArray())
        {
            switch (item.TryGetProperty("type", out var type) ? type.GetString() : "message")
            {
                case "function_call":
                    open.Add(item.GetProperty("call_id").GetString()!);
                    break;
                case "function_call_output":
                    Assert.True(open.Remove(item.GetProperty("call_id").GetString()!), "A result without a call.");
                    break;
            }
        }

        Assert.Empty(open);
    }

    /// <summary>Turns alternate, the first is the user's, and each turn with calls is followed by one that has their results before anything else.</summary>
    private static void TakesTurns(JsonElement turns, string blocks, Func<JsonElement, string?> call, Func<JsonElement, string?> result)
    {
        string? before = null;
        List<string> open = [];
        foreach (var turn in turns.EnumerateArray())
        {
            var role = turn.GetProperty("role").GetString();
            Assert.NotEqual(before, role);
            if (before is null) Assert.Equal("user", role);
            before = role;
            var content = turn.GetProperty(blocks);
            if (content.ValueKind == JsonValueKind.String)
            {
                Assert.Empty(open);
                continue;
            }

            var results = content.EnumerateArray().Select(result).OfType<string>().ToList();
            Assert.Equal(open, results);
            Assert.All(content.EnumerateArray().Take(results.Count), block => Assert.NotNull(result(block)));
            open = [.. content.EnumerateArray().Select(call).OfType<string>()];
            Assert.NotEqual(0, content.GetArrayLength());
        }

        Assert.Empty(open);
    }

    private static string? Id(JsonElement block, string type, string member) => block.GetProperty("type").ValueEquals(type) ? block.GetProperty(member).GetString() : null;

    private static string? Inner(JsonElement block, string kind, string member) => block.TryGetProperty(kind, out var inner) ? inner.GetProperty(member).GetString() : null;
}
