using LlmGateway.Providers.Cli;
using LlmGateway.Vendors;

namespace LlmGateway.Providers.LocalCodex;

/// <summary>
/// The <c>codex</c> CLI as a provider. One attempt is one run, and one request to the API: the CLI's retries are switched
/// off, and so are all its tools. Should a model call one all the same, the CLI answers that there is none and asks again.
/// </summary>
internal sealed class LocalCodexProvider : CliProvider
{
    public const string ProviderName = "local_codex";

    /// <summary>A run takes about 125 MB and one second of one processor (measured, version 0.169.0).</summary>
    private const int DefaultConcurrency = 4;

    internal static readonly CliProgram Codex = new(
        ProviderName, "codex", "@openai/codex",
        "node_modules/@openai/codex/node_modules/@openai/codex-win32-x64/vendor/x86_64-pc-windows-msvc/bin/codex.exe",
        "run 'codex login', or set CODEX_API_KEY", "openai_responses");

    private readonly CodexLogin _login;
    private readonly Uri? _baseUrl;

    internal LocalCodexProvider(string executable, GatewayConfig config, ProviderServices services, int maxConcurrency = DefaultConcurrency)
        : base(Codex, new CliRunner(ProviderName, executable, CodexEnvironment.Make(config), maxConcurrency, services.TimeProvider), services.TimeProvider)
    {
        _login = CodexLogin.Of(config);
        _baseUrl = config.BaseUrl;
    }

    public override string DefaultModel => "gpt-6-sol";

    /// <summary>With a key the tokens are paid for, at OpenAI's prices; a subscription is not paid by the call.</summary>
    public override ProviderBilling Billing => _login.IsMetered ? ProviderBilling.PriceBook : ProviderBilling.Free;

    protected override CliSettings Settings => CliSettings.Reasoning;

    /// <summary>OpenAI's own models, by the vendor's row, as far as the CLI passes on what they can do.</summary>
    public override ModelCapabilities GetCapabilities(string model)
    {
        var vendor = Vendor.All.First(v => v.Name == Codex.Alternative).CapabilitiesOf(model);
        return new ModelCapabilities
        {
            NativeSchema = vendor.NativeSchema,
            UnsupportedSchemaFeatures = vendor.UnsupportedSchemaFeatures,
            Tools = false,
            Vision = false,
            Documents = false,
            Audio = false,
            Prefill = false,
            Thinking = vendor.Thinking,
            Temperature = false,
            ContextWindow = vendor.ContextWindow,
        };
    }

    /// <exception cref="CliNotFoundException">The CLI is not on PATH.</exception>
    public static LocalCodexProvider Create(GatewayConfig config, ProviderServices services) => new(Codex.Find(config), config, services);

    protected override CliRun Prepare(LlmRequest request, string system, CliFolder folder, List<string> losses)
    {
        var home = folder.AddFolder("codex");
        _login.LinkInto(folder, "codex");
        var models = folder.AddFile("codex/models.json", CodexModels.Of(request, system));
        folder.AddFile("codex/config.toml", CodexConfig.Of(request, models, _baseUrl, losses));
        return new CliRun(CodexArguments.Of(request, folder)) { Variables = new Dictionary<string, string> { ["CODEX_HOME"] = home } };
    }

    protected override CliAnswer Parse(CliResult result, LlmRequest request) => CodexOutputParser.Parse(result.Output);

    protected override ProviderErrorKind KindOf(string words) => CodexErrorKind.Of(null, words);

    protected override string Advice(ProviderErrorKind kind, string said) => kind switch
    {
        ProviderErrorKind.Connection => " (check the network, and LLM_BASE_URL where set)",
        ProviderErrorKind.InvalidRequest when said.Contains("unexpected argument", StringComparison.Ordinal) => " (the CLI is too old: run 'npm install -g @openai/codex')",
        ProviderErrorKind.MalformedReply => " (run 'codex exec hello' to see whether it works by itself)",
        _ => base.Advice(kind, said),
    };
}
