using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace LoopbackServer;

/// <summary>Writes a reply as the API streams it, in small pieces. Source: https://platform.claude.com/docs/en/build-with-claude/streaming.</summary>
internal static class EventStream
{
    private const int PieceLength = 7;

    public static async Task WriteAsync(HttpContext http, MessageReply reply)
    {
        http.Response.ContentType = "text/event-stream";
        await SendAsync(http, new JsonObject { ["type"] = "message_start", ["message"] = reply.Head() });
        await SendAsync(http, new JsonObject { ["type"] = "content_block_start", ["index"] = 0, ["content_block"] = reply.Block("") });
        await SendAsync(http, new JsonObject { ["type"] = "ping" });
        foreach (var piece in Pieces(reply.Content))
        {
            var delta = reply.Tool is null
                ? new JsonObject { ["type"] = "text_delta", ["text"] = piece }
                : new JsonObject { ["type"] = "input_json_delta", ["partial_json"] = piece };
            await SendAsync(http, new JsonObject { ["type"] = "content_block_delta", ["index"] = 0, ["delta"] = delta });
        }

        await SendAsync(http, new JsonObject { ["type"] = "content_block_stop", ["index"] = 0 });
        await SendAsync(http, new JsonObject
        {
            ["type"] = "message_delta",
            ["delta"] = new JsonObject { ["stop_reason"] = reply.StopReason, ["stop_sequence"] = null },
            ["usage"] = new JsonObject { ["output_tokens"] = reply.OutputTokens },
        });
        await SendAsync(http, new JsonObject { ["type"] = "message_stop" });
    }

    private static async Task SendAsync(HttpContext http, JsonObject data)
    {
        await http.Response.WriteAsync($"event: {data["type"]!.GetValue<string>()}\ndata: {data.ToJsonString()}\n\n", http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
    }

    /// <summary>Never between the halves of a surrogate pair, which JSON cannot carry apart.</summary>
    private static IEnumerable<string> Pieces(string text)
    {
        for (var start = 0; start < text.Length;)
        {
            var end = Math.Min(start + PieceLength, text.Length);
            if (end < text.Length && char.IsHighSurrogate(text[end - 1])) end++;
            yield return text[start..end];
            start = end;
        }
    }
}
