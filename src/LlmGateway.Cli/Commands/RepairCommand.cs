using System.CommandLine;
using LlmGateway.Cli.Filters;
using LlmGateway.Cli.Output;

namespace LlmGateway.Cli.Commands;

/// <summary><c>repair</c>: the reading of structured answers as a filter.</summary>
internal static class RepairCommand
{
    public static Command Create(Terminal terminal)
    {
        var coerce = new Option<string>("--coerce") { Description = "Also change values to fit the schema where nothing is lost: lossless" };
        coerce.AcceptOnlyFromAmong("none", "lossless");
        var asLines = new Option<bool>("--jsonl") { Description = "One JSON object a line in and out; the only form there is" };
        var command = new Command("repair", "Find the JSON in what models said, and mend its syntax where that has one meaning.") { coerce, asLines };
        command.SetAction((parsed, cancellationToken) =>
        {
            if (!parsed.GetValue(asLines)) throw new UsageException("Give --jsonl: the filter reads and writes one JSON object a line.");
            var filter = new RepairFilter(parsed.GetValue(coerce) == "lossless" ? Coercion.Lossless : Coercion.None);
            return JsonLinesFilter.RunAsync(terminal.Input, terminal.OutputBytes, filter.Convert, cancellationToken);
        });
        return ExamplesHelp.Describe(
            command,
            """
            Reads {"text":"…","schema":{…}} a line (the schema may be left out) and writes {"ok":…,"value":…,"repairs":[…],
            "coercions":[…],"errors":[…]}, or {"error":{…}}, in order. "ok" means that the text could be read and that the value
            fits the schema; else "value" is null, and "errors" say why. A repair's "offset" counts UTF-16 units of the text.
            What has two meanings, or was cut off, is never guessed at. Nothing of LLM_* is read, and nothing is sent.

            llm-gateway repair --jsonl < answers.jsonl
            llm-gateway repair --jsonl --coerce lossless < answers.jsonl
            """);
    }
}
