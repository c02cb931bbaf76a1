using LlmGateway.Providers.Cli;

namespace LlmGateway.Providers.LocalClaude;

/// <summary>
/// The <c>claude</c> CLI as a provider. One attempt is one run, and one request to the API but for three cases that the
/// CLI has no switch for: it asks once more without streaming after a 404, twice more after an overload in the midst of
/// a stream, and up to three times more when an answer reaches the CLI's own limit on output tokens.
/// The CLI adds a line about itself to the system prompt, and today's date to the prompt.
/// </summary>
internal sealed class LocalClaudeProvider : CliProvider
{
    public const string ProviderName = "local_claude";

    /// <summary>A run takes about 300 MB and three quarters of a second of one processor (measured, version 2.1.197).</summary>
    private const int DefaultConcurrency = 4;

    /// <summary>Whose prices the CLI's tokens have.</summary>
    private const string PriceVendor = "anthropic";

    internal static readonly CliProgram Claude = new(
        ProviderName, "claude", "@anthropic-ai/claude-code", "node_modules/@anthropic-ai/claude-code/bin/claude.exe",
        "run 'claude' once and log in with /login, or set ANTHROPIC_API_KEY", PriceVendor);

    /// <summary>What the CLI calls its keys that are paid by the token; a subscription is "none".</summary>
    private static readonly string[] MeteredKeySources = ["ANTHROPIC_API_KEY", "apiKeyHelper", "/login managed key"];

    private volatile bool _isMetered;

    internal LocalClaudeProvider(string executable, GatewayConfig config, ProviderServices services, int maxConcurrency = DefaultConcurrency)
        : this(executable, ClaudeEnvironment.Make(config), services.TimeProvider, maxConcurrency)
    {
    }

    private LocalClaudeProvider(string executable, CliEnvironment environment, TimeProvider time, int maxConcurrency)
        : base(Claude, new CliRunner(ProviderName, executable, environment, maxConcurrency, time), time)
        => _isMetered = ClaudeEnvironment.IsMetered(environment);

    public override string DefaultModel => "sonnet";

    /// <summary>A login with a Console account, whose key the CLI keeps to itself, shows with the first reply: from then on costs are reported.</summary>
    public override ProviderBilling Billing => _isMetered ? ProviderBilling.Reported : ProviderBilling.Free;

    protected override CliSettings Settings => CliSettings.None;

    public override ModelCapabilities GetCapabilities(string model) => new() { NativeSchema = true, SchemaSubset = SchemaSubset.ClaudeCli };

    /// <exception cref="CliNotFoundException">The CLI is not on PATH.</exception>
    public static LocalClaudeProvider Create(GatewayConfig config, ProviderServices services) => new(Claude.Find(config), config, services);

    protected override CliRun Prepare(LlmRequest request, string system, CliFolder folder, List<string> losses) => new(ClaudeArguments.Of(request, system, folder));

    protected override CliAnswer Parse(CliResult result, LlmRequest request) => ClaudeOutputParser.Parse(result.Output, request.OutputSchema is { Mode: OutputMode.Native });

    protected override ProviderErrorKind KindOf(string words) => ClaudeErrorKind.Of(null, null, null, words);

    /// <summary>
    /// Under a subscription the CLI reports what the tokens would cost at the API, which nobody pays. Where it leaves out
    /// what it used, the cost is by the price book, of tokens that are estimated in part.
    /// </summary>
    protected override LlmReply Reply(CliAnswer answer)
    {
        if (MeteredKeySources.Contains(answer.KeySource)) _isMetered = true;
        if (!_isMetered) return answer.Reply with { ReportedCostUsd = 0m };
        return answer.Reply with
        {
            ReportedCostUsd = answer.Reply is { Usage: { IsEstimated: true } usage, Model: { } model } ? Pricing.Calculate(PriceVendor, model, usage).TotalCostUsd : answer.CostUsd,
        };
    }

    protected override string Advice(ProviderErrorKind kind, string said) => kind switch
    {
        ProviderErrorKind.Connection => " (check the network, and ANTHROPIC_BASE_URL or LLM_BASE_URL where set)",
        ProviderErrorKind.InvalidRequest when said.Contains("unknown option", StringComparison.OrdinalIgnoreCase) => " (the CLI is too old: run 'claude update')",
        ProviderErrorKind.MalformedReply => " (run 'claude -p hello' to see whether it works by itself)",
        _ => base.Advice(kind, said),
    };
}
