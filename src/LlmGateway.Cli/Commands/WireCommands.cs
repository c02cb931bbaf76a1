using System.CommandLine;
using System.Text.Json;
using LlmGateway.Cli.Filters;
using LlmGateway.Cli.Output;
using LlmGateway.Dialects;

namespace LlmGateway.Cli.Commands;

/// <summary><c>translate</c> and <c>decode</c>: the codecs of the wire dialects as filters.</summary>
internal static class WireCommands
{
    public static Command CreateTranslate(Terminal terminal)
    {
        var from = DialectOption("--from", "The dialect that comes in");
        var to = DialectOption("--to", "The dialect that goes out");
        var kind = KindOption("request", "reply", "stream");
        var asLines = LinesOption();
        var command = new Command("translate", "Translate requests, replies and streams from one vendor's protocol into another's.") { from, to, kind, asLines };
        command.SetAction((parsed, cancellationToken) =>
        {
            RequireLines(parsed.GetValue(asLines));
            var filter = new TranslateFilter(Find("--from", parsed.GetValue(from)), Find("--to", parsed.GetValue(to)));
            Action<JsonElement, Utf8JsonWriter> convert = parsed.GetValue(kind) switch
            {
                "request" => filter.Request,
                "reply" => filter.Reply,
                "stream" => filter.Stream,
                _ => throw new UsageException("Give --kind: request, reply or stream."),
            };
            return JsonLinesFilter.RunAsync(terminal.Input, terminal.OutputBytes, convert, cancellationToken);
        });
        return ExamplesHelp.Describe(
            command,
            """
            Reads {"body":{…}} a line, for a stream {"stream":"…the raw event stream…"}, and writes {"body":{…},"losses":[…]},
            or {"stream":"…","losses":[…]}, or {"error":{…}}, in order. Where a dialect keeps the model and the streaming in
            the URL (gemini, bedrock), "model" and "stream":true|false stand beside the body. A binary stream (bedrock) is
            "stream_base64". Nothing of LLM_* is read, and nothing is sent.

            llm-gateway translate --from openai --to anthropic --kind request --jsonl < requests.jsonl
            llm-gateway translate --from gemini --to openai --kind stream --jsonl < streams.jsonl
            """);
    }

    public static Command CreateDecode(Terminal terminal)
    {
        var from = DialectOption("--from", "The dialect that comes in");
        var kind = KindOption("reply", "stream");
        var asLines = LinesOption();
        var command = new Command("decode", "Read vendors' replies and streams, and say what is in them in one form for all.") { from, kind, asLines };
        command.SetAction((parsed, cancellationToken) =>
        {
            RequireLines(parsed.GetValue(asLines));
            var filter = new DecodeFilter(Find("--from", parsed.GetValue(from)));
            Action<JsonElement, Utf8JsonWriter> Convert(string? word) => word switch
            {
                "reply" => filter.Reply,
                "stream" => filter.Stream,
                _ => throw new UsageException("Give --kind: reply or stream."),
            };
            return JsonLinesFilter.RunAsync(terminal.Input, terminal.OutputBytes, Convert(parsed.GetValue(kind)), cancellationToken);
        });
        return ExamplesHelp.Describe(
            command,
            """
            Reads {"body":{…}} a line, or {"stream":"…"} or {"stream_base64":"…"}, and writes model, text, thinking, tool_calls
            (with the exact text of their arguments), finish_reason, usage, complete and skipped_events. A stream that was cut
            has "complete":false and what was received. Nothing of LLM_* is read, and nothing is sent.

            llm-gateway decode --from anthropic --kind stream --jsonl < streams.jsonl
            """);
    }

    private static Option<string> DialectOption(string name, string description)
    {
        var option = new Option<string>(name) { Description = $"{description}: {string.Join(", ", Dialect.Names)}" };
        option.AcceptOnlyFromAmong([.. Dialect.Names]);
        return option;
    }

    private static Option<string> KindOption(params string[] kinds)
    {
        var option = new Option<string>("--kind") { Description = $"What the lines hold: {string.Join(", ", kinds)}" };
        option.AcceptOnlyFromAmong(kinds);
        return option;
    }

    private static Option<bool> LinesOption() => new("--jsonl") { Description = "One JSON object a line in and out; the only form there is" };

    private static void RequireLines(bool asLines)
    {
        if (!asLines) throw new UsageException("Give --jsonl: the filter reads and writes one JSON object a line.");
    }

    private static IDialect Find(string option, string? name) => Dialect.Find(name ?? "") ?? throw new UsageException($"Give {option}: {string.Join(", ", Dialect.Names)}.");
}
