using System.Globalization;
using LlmGateway.Providers.Cli;

namespace LlmGateway.Providers.LocalClaude;

/// <summary>
/// The <c>claude</c> CLI as a provider. One attempt is one run, and one request to the API but for three cases that the
/// CLI has no switch for: it asks once more without streaming after a 404, twice more after an overload in the midst of
/// a stream, and up to three times more when an answer reaches the CLI's own limit on output tokens.
/// The CLI adds a line about itself to the system prompt, and today's date to the prompt.
/// </summary>
internal sealed class LocalClaudeProvider : ILlmProvider
{
    public const string ProviderName = "local_claude";

    /// <summary>A run takes about 300 MB and three quarters of a second of one processor (measured, version 2.1.197).</summary>
    private const int DefaultConcurrency = 4;

    private const int MaxTail = 500;

    /// <summary>Whose prices the CLI's tokens have.</summary>
    private const string PriceVendor = "anthropic";

    /// <summary>What the CLI calls its keys that are paid by the token; a subscription is "none".</summary>
    private static readonly string[] MeteredKeySources = ["ANTHROPIC_API_KEY", "apiKeyHelper", "/login managed key"];

    private readonly CliRunner _cli;
    private readonly TimeProvider _time;
    private volatile bool _isMetered;

    internal LocalClaudeProvider(string executable, GatewayConfig config, ProviderServices services, int maxConcurrency = DefaultConcurrency)
    {
        var environment = ClaudeEnvironment.Make(config);
        _isMetered = ClaudeEnvironment.IsMetered(environment);
        _time = services.TimeProvider;
        _cli = new CliRunner(ProviderName, executable, environment, maxConcurrency, _time);
    }

    public string Name => ProviderName;

    public string DefaultModel => "sonnet";

    public Uri? Endpoint => null;

    /// <summary>A login with a Console account, whose key the CLI keeps to itself, shows with the first reply: from then on costs are reported.</summary>
    public ProviderBilling Billing => _isMetered ? ProviderBilling.Reported : ProviderBilling.Free;

    public ModelCapabilities GetCapabilities(string model) => new() { NativeSchema = true, SchemaSubset = SchemaSubset.ClaudeCli };

    /// <exception cref="CliNotFoundException">The CLI is not on PATH.</exception>
    public static LocalClaudeProvider Create(GatewayConfig config, ProviderServices services)
    {
        var executable = CliExecutable.Find("claude", "node_modules/@anthropic-ai/claude-code/bin/claude.exe", config.Variables)
            ?? throw new CliNotFoundException(ProviderName, "claude",
                "Install it with 'npm install -g @anthropic-ai/claude-code', then run 'claude' once and log in, or set ANTHROPIC_API_KEY.");
        return new LocalClaudeProvider(executable, config, services);
    }

    public async Task<LlmReply> CompleteAsync(LlmRequest request, CancellationToken cancellationToken)
    {
        var prompt = ClaudePrompt.Of(request);
        var result = await _cli.RunAsync(folder => ClaudeArguments.Of(request, prompt.System, folder), prompt.Text, cancellationToken).ConfigureAwait(false);
        if (result.IsTooLarge)
        {
            throw new ProviderException(ProviderName, ProviderErrorKind.MalformedReply, $"{ProviderName}: the claude CLI printed more than {CliProcess.MaxOutputBytes / (1024 * 1024)} MiB and was stopped.");
        }

        try
        {
            var answer = ClaudeOutputParser.Parse(result.Output, request.OutputSchema is { Mode: OutputMode.Native });
            return Reply(answer, prompt.Losses);
        }
        catch (ClaudeOutputException e) when (e.HasNoMessage)
        {
            throw NoMessage(result);
        }
        catch (ClaudeOutputException e)
        {
            throw new ProviderException(ProviderName, e.Kind, $"{ProviderName}: {_cli.Environment.Redact(e.Message)}{Advice(e.Kind, e.Message)}")
            {
                HttpStatus = e.HttpStatus,
                VendorCode = e.Code,
                RequestId = e.RequestId,
                RetryAfter = e.ResetsAt is { } at ? Max(at - _time.GetUtcNow(), TimeSpan.Zero) : null,
                PartialReply = e.Partial is { } partial ? Reply(partial, prompt.Losses) : null,
            };
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>
    /// Under a subscription the CLI reports what the tokens would cost at the API, which nobody pays. Where it leaves out
    /// what it used, the cost is by the price book, of tokens that are estimated in part.
    /// </summary>
    private LlmReply Reply(ClaudeAnswer answer, IReadOnlyList<string> losses)
    {
        if (MeteredKeySources.Contains(answer.KeySource)) _isMetered = true;
        var reply = answer.Reply with { Losses = [.. losses, .. answer.Reply.Losses] };
        if (!_isMetered) return reply with { ReportedCostUsd = 0m };
        return reply with
        {
            ReportedCostUsd = reply is { Usage: { IsEstimated: true } usage, Model: { } model } ? Pricing.Calculate(PriceVendor, model, usage).TotalCostUsd : answer.CostUsd,
        };
    }

    /// <summary>Before it has begun, the CLI tells its errors in plain words.</summary>
    private ProviderException NoMessage(CliResult result)
    {
        var said = _cli.Environment.Redact(string.IsNullOrWhiteSpace(result.Error) ? result.Output : result.Error).Trim();
        var kind = ClaudeErrorKind.Of(null, null, null, said) is var told and not ProviderErrorKind.Unknown ? told : ProviderErrorKind.MalformedReply;
        var tail = said.Length > MaxTail ? "…" + said[^MaxTail..] : said;
        return new ProviderException(ProviderName, kind, string.Create(CultureInfo.InvariantCulture,
            $"{ProviderName}: the claude CLI ended with exit code {result.ExitCode} and printed no result{(tail.Length == 0 ? "" : $": {tail}")}{Advice(kind, said)}"));
    }

    private static string Advice(ProviderErrorKind kind, string said) => kind switch
    {
        ProviderErrorKind.Authentication => " (run 'claude' and log in with /login, or set ANTHROPIC_API_KEY)",
        ProviderErrorKind.NotFound => " (check LLM_MODEL)",
        ProviderErrorKind.Connection => " (check the network, and ANTHROPIC_BASE_URL or LLM_BASE_URL where set)",
        ProviderErrorKind.ContextLength => " (shorten the conversation, or choose a model with a larger context window)",
        ProviderErrorKind.InvalidRequest when said.Contains("unknown option", StringComparison.OrdinalIgnoreCase) => " (the CLI is too old: run 'claude update')",
        ProviderErrorKind.MalformedReply => " (run 'claude -p hello' to see whether it works by itself)",
        _ => "",
    };

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
