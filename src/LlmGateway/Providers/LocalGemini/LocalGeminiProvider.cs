using LlmGateway.Providers.Cli;

namespace LlmGateway.Providers.LocalGemini;

/// <summary>
/// The <c>gemini</c> CLI as a provider. One attempt is one run, and one request to the API: the CLI's retries, tools and
/// agents are switched off. It puts today's date and the operating system before the prompt.
/// </summary>
internal sealed class LocalGeminiProvider : CliProvider
{
    public const string ProviderName = "local_gemini";

    /// <summary>A run takes about 240 MB and three seconds of one processor (measured, version 0.61.0).</summary>
    private const int DefaultConcurrency = 4;

    internal static readonly CliProgram Gemini = new(
        ProviderName, "gemini", "@google/gemini-cli", "", "run 'gemini' once and log in, or set GEMINI_API_KEY", "gemini");

    private readonly GeminiLogin _login;

    internal LocalGeminiProvider(string executable, GatewayConfig config, ProviderServices services, int maxConcurrency = DefaultConcurrency)
        : base(Gemini, new CliRunner(ProviderName, executable, GeminiEnvironment.Make(config), maxConcurrency, services.TimeProvider), services.TimeProvider)
        => _login = GeminiLogin.Of(config);

    /// <summary>The CLI asks newer models in the place of some: not of this one.</summary>
    public override string DefaultModel => "gemini-3.8-flash";

    /// <summary>With a key the tokens are paid for, at Gemini's prices; a login is not paid by the call.</summary>
    public override ProviderBilling Billing => _login.IsMetered ? ProviderBilling.PriceBook : ProviderBilling.Free;

    protected override CliSettings Settings
        => CliSettings.MaxTokens | CliSettings.Temperature | CliSettings.StopSequences | CliSettings.TopP | CliSettings.TopK | CliSettings.Seed | CliSettings.Penalties | CliSettings.Reasoning;

    /// <summary>
    /// A schema goes into the prompt: the CLI always declares tools, if only an empty list, and the API refuses a
    /// response format beside them.
    /// </summary>
    public override ModelCapabilities GetCapabilities(string model) => new() { Tools = false, Vision = false, Documents = false, Audio = false, Prefill = false };

    /// <exception cref="CliNotFoundException">The CLI is not on PATH.</exception>
    public static LocalGeminiProvider Create(GatewayConfig config, ProviderServices services) => new(Gemini.Find(config), config, services);

    protected override CliRun Prepare(LlmRequest request, string system, CliFolder folder, List<string> losses)
    {
        var home = folder.AddFolder("home");
        folder.AddFolder("home/.gemini");
        _login.LinkInto(folder, "home/.gemini");
        var report = Path.Combine(home, "report.json");
        folder.AddFile("home/.gemini/settings.json", GeminiSettings.Of(request, _login.Type, report, losses));
        if (GeminiSystem.IsChanged(system)) losses.Add("The gemini CLI fills in what stands as ${…} in a system prompt: ${AgentSkills}, ${SubAgents}, ${AvailableTools} and names of tools.");
        return new CliRun(["--output-format", "json", "--model=" + request.Model])
        {
            Variables = new Dictionary<string, string> { ["GEMINI_CLI_HOME"] = home, ["GEMINI_SYSTEM_MD"] = folder.AddFile("system.md", system) },
            ReportFile = report,
        };
    }

    protected override CliAnswer Parse(CliResult result, LlmRequest request) => GeminiOutputParser.Parse(result, request.Model);

    protected override ProviderErrorKind KindOf(string words) => GeminiErrorKind.Of(null, words);

    protected override string Advice(ProviderErrorKind kind, string said) => kind switch
    {
        ProviderErrorKind.Connection => " (check the network, and GOOGLE_GEMINI_BASE_URL or LLM_BASE_URL where set)",
        ProviderErrorKind.InvalidRequest when said.Contains("unknown argument", StringComparison.OrdinalIgnoreCase) => " (the CLI is too old: run 'npm install -g @google/gemini-cli')",
        ProviderErrorKind.MalformedReply => " (run 'gemini -p hello' to see whether it works by itself)",
        _ => base.Advice(kind, said),
    };
}
