using System.CommandLine;
using LlmGateway.Cli.Filters;
using LlmGateway.Cli.Output;

namespace LlmGateway.Cli.Commands;

/// <summary><c>validate</c>: JSON Schema as a filter.</summary>
internal static class ValidateCommand
{
    private static readonly Dictionary<string, JsonSchemaDraft> Drafts = new(StringComparer.Ordinal)
    {
        ["2020-12"] = JsonSchemaDraft.Draft202012,
        ["7"] = JsonSchemaDraft.Draft7,
        ["4"] = JsonSchemaDraft.Draft4,
    };

    public static Command Create(Terminal terminal)
    {
        var draft = new Option<string>("--draft") { Description = "The draft of a schema without $schema: 2020-12, 7, 4", DefaultValueFactory = _ => "2020-12" };
        draft.AcceptOnlyFromAmong([.. Drafts.Keys]);
        var assertFormat = new Option<bool>("--assert-format") { Description = "Take \"format\" for a rule, not a remark" };
        var schemas = new Option<string>("--schemas") { Description = "A folder of schemas that others may refer to by their $id" };
        var asLines = new Option<bool>("--jsonl") { Description = "One JSON object a line in and out; the only form there is" };
        var command = new Command("validate", "Hold JSON against JSON Schema: 2020-12, draft 7 and draft 4.") { asLines, assertFormat, draft, schemas };
        command.SetAction((parsed, cancellationToken) =>
        {
            if (!parsed.GetValue(asLines)) throw new UsageException("Give --jsonl: the filter reads and writes one JSON object a line.");
            var options = new JsonSchemaOptions
            {
                DefaultDraft = Drafts[parsed.GetValue(draft)!],
                AssertFormat = parsed.GetValue(assertFormat),
                Documents = parsed.GetValue(schemas) is { } folder ? SchemaFolder.Read(folder, terminal.Warn) : JsonSchemaDocuments.Empty,
            };
            return JsonLinesFilter.RunAsync(terminal.Input, terminal.OutputBytes, new ValidateFilter(options).Convert, cancellationToken, ValidateFilter.Lines);
        });
        return ExamplesHelp.Describe(
            command,
            """
            Reads {"schema":…,"instance":…} a line and writes {"valid":true|false,"errors":[{"instance","schema","message"}]} a
            line, in order; both places are JSON Pointers (RFC 6901; the root is the empty string). A schema that cannot be
            used gives {"error":{…}} and does not stop the rest. A schema's own $schema wins over --draft. References are
            never fetched: they lead into the schema, to the drafts' meta-schemas, or to a file of --schemas by its $id.
            Nothing of LLM_* is read.

            llm-gateway validate --jsonl < lines.jsonl
            llm-gateway validate --jsonl --draft 7 --assert-format --schemas ./schemas < lines.jsonl
            """);
    }
}
