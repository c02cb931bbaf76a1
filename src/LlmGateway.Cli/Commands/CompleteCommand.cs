using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json;
using LlmGateway.Cli.Output;

namespace LlmGateway.Cli.Commands;

/// <summary><c>complete</c>: one question, one answer.</summary>
internal static class CompleteCommand
{
    public static Command Create(Terminal terminal)
    {
        var prompt = new Argument<string[]>("prompt") { Description = "The question; - for standard input, which is also read where nothing else is given", Arity = ArgumentArity.ZeroOrMore };
        var file = new Option<string?>("--file", "-f") { Description = "A file with the question, or with what the question is about" };
        var system = new Option<string?>("--system", "-s") { Description = "Instructions to the model" };
        var schema = new Option<string?>("--schema") { Description = "A file with a JSON schema that the answer must satisfy" };
        var provider = new Option<string?>("--provider", "-p") { Description = "Overrides LLM_PROVIDER" };
        var model = new Option<string?>("--model", "-m") { Description = "Overrides LLM_MODEL" };
        var maxTokens = new Option<int?>("--max-tokens") { Description = "Overrides LLM_MAX_TOKENS", CustomParser = WholeNumber };
        var temperature = new Option<double?>("--temperature") { Description = "Overrides LLM_TEMPERATURE", CustomParser = Number };
        var asJson = new Option<bool>("--json") { Description = "Print the whole response, or the error, as one JSON object" };
        var asStream = new Option<bool>("--stream") { Description = "Print the answer as it comes; with --json, one JSON object for each piece and the whole response last" };
        var explain = new Option<bool>("--explain") { Description = "Tell on standard error the story of the call: each attempt, why it ended, and why the next was made" };
        var verbose = new Option<bool>("--verbose", "-v") { Description = "Say on standard error what happened and what it cost" };
        var command = new Command("complete", "Ask a question. The answer alone goes to standard output, everything else to standard error.")
        {
            prompt, file, system, schema, provider, model, maxTokens, temperature, asStream, asJson, explain, verbose,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            try
            {
                RefuseMisspeltOptions(parsed, parsed.GetValue(prompt) ?? []);
                var config = GatewayConfig.Load();
                if (parsed.GetValue(provider) is { } name) config.Provider = name;
                if (parsed.GetValue(model) is { } modelName) config.Model = modelName;
                if (parsed.GetValue(maxTokens) is { } tokens) config.MaxTokens = tokens;
                if (parsed.GetValue(temperature) is { } degree) config.Temperature = degree;
                if (parsed.GetValue(asStream) && parsed.GetValue(schema) is not null) throw new UsageException("--stream and --schema do not go together: an answer is checked against its schema as a whole.");
                var answerSchema = parsed.GetValue(schema) is { } path ? ReadSchema(path) : null;
                var question = await ReadPromptAsync(terminal, parsed.GetValue(prompt) ?? [], parsed.GetValue(file), cancellationToken);
                List<LlmMessage> messages = parsed.GetValue(system) is { } instructions ? [LlmMessage.System(instructions)] : [];
                messages.Add(LlmMessage.User(question));

                await using var owned = ProcessServices.Start(config, terminal, parsed.GetValue(verbose));
                await using var client = new LlmClient(config, owned.Options);
                CallRecord record;
                if (parsed.GetValue(asStream))
                {
                    record = await AnswerStream.WriteAsync(terminal, client.StreamAsync(messages, cancellationToken: cancellationToken), parsed.GetValue(asJson));
                }
                else
                {
                    (record, var text, var write) = await terminal.WhileShowing(
                        $"Asking {client.Provider}/{client.Model}",
                        () => AskAsync(client, messages, answerSchema, cancellationToken));
                    terminal.Output.WriteLine(parsed.GetValue(asJson) ? ResponseJson.Of(record, write) : text);
                }

                if (record.FinishReason == FinishReason.Length) terminal.Warn($"the answer was cut at its limit of {config.MaxTokens} tokens; raise --max-tokens or LLM_MAX_TOKENS");
                if (parsed.GetValue(verbose) || terminal.IsErrorInteractive) terminal.Error.WriteLine(Summary(record));
                if (parsed.GetValue(explain)) terminal.Error.Write(CallStory.Of(record));
                return ExitCodes.Ok;
            }
            catch (Exception e) when (e is not IOException && (parsed.GetValue(asJson) || parsed.GetValue(explain)))
            {
                if (parsed.GetValue(explain) && e is GatewayException { Record: { } failed }) terminal.Error.Write(CallStory.Of(failed));
                if (parsed.GetValue(asJson)) terminal.Output.WriteLine(ResponseJson.Of(e));
                throw;
            }
        });
        return ExamplesHelp.Describe(
            command,
            """
            llm-gateway complete "What is the capital of France?"
            llm-gateway complete "Summarise this in one sentence:" --file report.txt
            git diff | llm-gateway complete "Write a commit message for:" -
            llm-gateway complete --stream "Tell me a story."
            llm-gateway complete --schema invoice.json --file mail.txt
            llm-gateway complete --explain "What is 2 + 2?"
            llm-gateway complete --json "What is 2 + 2?" | jq .total_cost_usd
            """);
    }

    /// <summary>The prompt takes every word that is no option, so a slip in one would be asked of the model, and paid for.</summary>
    private static int? WholeNumber(ArgumentResult result)
    {
        if (int.TryParse(result.Tokens[^1].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0) return number;
        result.AddError($"--max-tokens: '{result.Tokens[^1].Value}' is not a whole number of at least 1.");
        return null;
    }

    /// <summary>The usual parser would take a comma for a separator of thousands, and 0,1 for 1.</summary>
    private static double? Number(ArgumentResult result)
    {
        if (double.TryParse(result.Tokens[^1].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number is >= 0 and <= 2) return number;
        result.AddError($"--temperature: '{result.Tokens[^1].Value}' is not a number from 0 to 2, such as 0.7.");
        return null;
    }

    private static void RefuseMisspeltOptions(ParseResult parsed, string[] words)
    {
        if (parsed.Tokens.Any(t => t.Type == TokenType.DoubleDash)) return;
        if (words.FirstOrDefault(w => w.Length > 1 && w.StartsWith('-')) is { } word)
        {
            throw new UsageException($"There is no option '{word}'. If it is part of the prompt, put -- before the prompt.");
        }
    }

    private static async Task<(CallRecord Record, string Text, Action<Utf8JsonWriter> Write)> AskAsync(LlmClient client, List<LlmMessage> messages, JsonSchema? schema, CancellationToken cancellationToken)
    {
        if (schema is null)
        {
            var text = await client.CompleteTextAsync(messages, cancellationToken: cancellationToken);
            return (text.Metadata, text.Content, json => json.WriteStringValue(text.Content));
        }

        var typed = await client.CompleteAsync(messages, schema, cancellationToken: cancellationToken);
        return (typed.Metadata, typed.Content.GetRawText(), typed.Content.WriteTo);
    }

    private static JsonSchema ReadSchema(string path)
    {
        try
        {
            return JsonSchema.Parse(File.ReadAllText(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or JsonSchemaException)
        {
            throw new UsageException($"--schema {path}: {e.Message}");
        }
    }

    private static async Task<string> ReadPromptAsync(Terminal terminal, string[] arguments, string? file, CancellationToken cancellationToken)
    {
        var parts = new List<string>();
        var words = arguments.Where(a => a != "-").ToList();
        if (words.Count > 0) parts.Add(string.Join(' ', words));
        if (file is not null) parts.Add(await ReadFileAsync(file, cancellationToken));
        if (arguments.Contains("-") || (parts.Count == 0 && terminal.IsInputPiped)) parts.Add(await terminal.ReadInputAsync(cancellationToken));
        var prompt = string.Join("\n\n", parts);
        return string.IsNullOrWhiteSpace(prompt)
            ? throw new UsageException("There is no prompt. Give it as an argument, with --file, or on standard input.")
            : prompt;
    }

    private static async Task<string> ReadFileAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return await File.ReadAllTextAsync(path, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--file {path}: {e.Message}");
        }
    }

    private static string Summary(CallRecord record)
    {
        var cost = record.Usage.TotalCostUsd is { } known ? $"${Money.ToExactString(known)}" : "price unknown";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{record.Provider}/{record.Model}: {record.Usage.InputTokens} tokens in, {record.Usage.OutputTokens} out{(record.Usage.IsEstimated ? " (estimated)" : "")}, {cost}, {record.Latency.TotalSeconds:0.0} s");
    }
}
