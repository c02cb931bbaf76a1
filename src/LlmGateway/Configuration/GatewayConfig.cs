using System.Collections.ObjectModel;
using System.Text.Json.Serialization;
using LlmGateway.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace LlmGateway;

/// <summary>
/// Everything that can be set. Each property is one <c>LLM_*</c> variable; a new instance holds the defaults and reads
/// nothing, <see cref="Load(string?)"/> reads <c>.env</c> and the environment. A client takes a copy, so later changes do not reach it.
/// </summary>
/// <remarks><see cref="ToString"/> and <see cref="Describe"/> never show <see cref="ApiKey"/>.</remarks>
public sealed record GatewayConfig
{
    private int? _maxTokens;

    /// <summary>The default of <see cref="MaxTokens"/>.</summary>
    internal const int DefaultMaxTokens = 4096;

    /// <summary>The gateway's own variable for a key.</summary>
    internal const string OwnKeySetting = "LLM_API_KEY";

    /// <summary><c>LLM_PROVIDER</c>: the provider's name. Default <c>anthropic</c>.</summary>
    public string Provider { get; set; } = "anthropic";

    /// <summary><c>LLM_MODEL</c>: the model. Default null: the provider's own default.</summary>
    public string? Model { get; set; }

    /// <summary><c>LLM_API_KEY</c>: the key, a secret. Default null: the vendor's usual variable, such as <c>ANTHROPIC_API_KEY</c>.</summary>
    [JsonIgnore]
    public string? ApiKey { get; set; }

    /// <summary><c>LLM_BASE_URL</c>: where the vendor's API is, in the vendor's own convention. Default null: the vendor's usual variable, else its public address.</summary>
    public Uri? BaseUrl { get; set; }

    /// <summary><c>LLM_MAX_TOKENS</c>: the most output tokens of one answer, at least 1. Default 4096.</summary>
    public int MaxTokens
    {
        get => _maxTokens ?? DefaultMaxTokens;
        set => _maxTokens = value;
    }

    /// <summary><c>LLM_TEMPERATURE</c>: 0 to 2. Default null: not sent, since many current models refuse the parameter.</summary>
    public double? Temperature { get; set; }

    /// <summary><c>LLM_MAX_RETRIES</c>: attempts beyond one for each ask, over all asks of a call together, at least 0. Default 3.</summary>
    public int MaxRetries { get; set; } = 3;

    /// <summary><c>LLM_MAX_REASKS</c>: how often the model is shown what was wrong with its answer and asked again, 0 to 10; each is billed. Default 2.</summary>
    public int MaxReasks { get; set; } = 2;

    /// <summary><c>LLM_REASK_WITHIN_SECONDS</c>: no re-ask begins later than this many seconds after its call did, at least 1. Default 300.</summary>
    public int ReaskWithinSeconds { get; set; } = 300;

    /// <summary><c>LLM_RETRY_MAX_TOKENS</c>: the limit of tokens with which a typed answer that was cut is asked for once more, at least 1; no higher than the model allows. Default null: a cut answer is an error at once.</summary>
    public int? RetryMaxTokens { get; set; }

    /// <summary><c>LLM_COERCION</c>: whether values of a typed answer may be changed to fit, where nothing is lost. Default <see cref="LlmGateway.Coercion.None"/>.</summary>
    public Coercion Coercion { get; set; }

    /// <summary><c>LLM_UNKNOWN_MEMBERS</c>: what becomes of members that the type does not have. Default <see cref="LlmGateway.UnknownMembers.Error"/>.</summary>
    public UnknownMembers UnknownMembers { get; set; }

    /// <summary><c>LLM_TIMEOUT_SECONDS</c>: the time for one attempt in seconds, at least 1. Default 120.</summary>
    public int TimeoutSeconds { get; set; } = 120;

    /// <summary><c>LLM_STREAM_RESCUE</c>: what becomes of a stream that dies after some of it was handed out, where there is another target. Default <see cref="LlmGateway.StreamRescue.Continue"/>, then <see cref="LlmGateway.StreamRescue.Splice"/>.</summary>
    public StreamRescue StreamRescue { get; set; } = StreamRescue.Continue | StreamRescue.Splice;

    /// <summary><c>LLM_FALLBACKS</c>: targets that are asked, in this order, where the provider can't answer; each <c>vendor/model</c>. Default none.</summary>
    public IReadOnlyList<RouteTarget> Fallbacks { get; set; } = [];

    /// <summary>The routes, by which a model's name may be more than one target. From code, or the section <c>Routes</c> of <c>IConfiguration</c>; those of <see cref="ConfigFile"/> are beside them. Default none.</summary>
    public IReadOnlyList<RouteConfig> Routes { get; set; } = [];

    /// <summary><c>LLM_CONFIG_FILE</c>: a file with routes and vendors (<c>gateway.json</c>), read again when it changes. Default null: none.</summary>
    public string? ConfigFile { get; set; }

    /// <summary><c>LLM_FIRST_TOKEN_TIMEOUT_SECONDS</c>: the longest wait for the first piece of a streamed answer, at least 1. Default null: 10 where there is another target, but for models that think; else <see cref="TimeoutSeconds"/>.</summary>
    public int? FirstTokenTimeoutSeconds { get; set; }

    /// <summary><c>LLM_IDLE_TIMEOUT_SECONDS</c>: the longest silence within a streamed answer, at least 1. Default null: 15, but for models that think; there <see cref="TimeoutSeconds"/>.</summary>
    public int? IdleTimeoutSeconds { get; set; }

    /// <summary><c>LLM_DEADLINE_SECONDS</c>: the time for a whole call, all its attempts, waits and re-asks, at least 1. Default null: none.</summary>
    public int? DeadlineSeconds { get; set; }

    /// <summary><c>LLM_COST_WARN_USD</c>: spending past this many US dollars is warned of, once. Default null: never.</summary>
    public decimal? CostWarnUsd { get; set; }

    /// <summary>
    /// <c>LLM_COST_LIMIT_USD</c>: the most US dollars that this client may spend; a request that might pass it is refused
    /// before it is sent. 0 admits only calls known to be free. Default null: no limit.
    /// </summary>
    public decimal? CostLimitUsd { get; set; }

    /// <summary><c>LLM_COST_WARN_AT</c>: the parts of <see cref="CostLimitUsd"/> at which it is warned that so much is spent, ascending, above 0; 0.5 for half. Default 0.5, 0.8 and 1.</summary>
    public IReadOnlyList<decimal> CostWarnAt { get; set; } = [0.5m, 0.8m, 1m];

    /// <summary><c>LLM_BUDGETS</c>: further limits, which clients that use one <see cref="IBudgetStore"/> share. Default none.</summary>
    public IReadOnlyList<Budget> Budgets { get; set; } = [];

    /// <summary><c>LLM_BUDGET_RESERVE</c>: what is set aside before a request is sent under a limit. Default <see cref="LlmGateway.BudgetReserve.WorstCase"/>.</summary>
    public BudgetReserve BudgetReserve { get; set; }

    /// <summary><c>LLM_UNKNOWN_PRICE</c>: what becomes of a request whose price is unknown. Default null: <see cref="LlmGateway.UnknownPrice.Refuse"/> where a limit is set, else <see cref="LlmGateway.UnknownPrice.Warn"/>.</summary>
    public UnknownPrice? UnknownPrice { get; set; }

    /// <summary><c>LLM_TAGS</c>: labels of every call, such as user, team and feature, for budgets and the ledger; those of a call go over them. Never sent to a vendor. Default none.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; set; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary><c>LLM_LEDGER_FILE</c>: the file of the ledger, which package LlmGateway.Sqlite opens. Default null: none.</summary>
    public string? LedgerFile { get; set; }

    /// <summary><c>LLM_LEDGER_MODE</c>: what is done where the ledger can't be written. Default null: <see cref="LlmGateway.LedgerMode.Strict"/> where a limit is set, else <see cref="LlmGateway.LedgerMode.BestEffort"/>.</summary>
    public LedgerMode? LedgerMode { get; set; }

    /// <summary><c>LLM_PRICES_FILE</c>: a file of prices that override the built-in ones. Default null: none.</summary>
    public string? PricesFile { get; set; }

    /// <summary><c>LLM_VENDORS_FILE</c>: a file with vendors of your own, or other rows for built-in ones. Default null.</summary>
    public string? VendorsFile { get; set; }

    /// <summary><c>LLM_TRACE_ENABLED</c>: whether <c>LlmGateway.OpenTelemetry</c> exports spans and metrics. Default false.</summary>
    public bool TraceEnabled { get; set; }

    /// <summary><c>LLM_TRACE_EXPORTER</c>: where to. Default <see cref="LlmGateway.TraceExporter.None"/>.</summary>
    public TraceExporter TraceExporter { get; set; }

    /// <summary><c>LLM_TRACE_ENDPOINT</c>: the OTLP receiver (gRPC). Default <c>http://localhost:4317</c>.</summary>
    public Uri TraceEndpoint { get; set; } = new("http://localhost:4317");

    /// <summary><c>LLM_TRACE_SERVICE_NAME</c>: the service's name in telemetry. Default <c>llm-gateway</c>.</summary>
    public string TraceServiceName { get; set; } = "llm-gateway";

    /// <summary><c>LLM_LOG_LEVEL</c>: the least level that is logged, where this project owns the logging. Default information.</summary>
    public LogLevel LogLevel { get; set; } = LogLevel.Information;

    /// <summary><c>LLM_LOG_FORMAT</c>: the format of logs, where this project owns the logging. Default <see cref="LlmGateway.LogFormat.Json"/>.</summary>
    public LogFormat LogFormat { get; set; }

    /// <summary><c>OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT</c>: whether prompts and answers are recorded on spans. Default false.</summary>
    public bool CaptureMessageContent { get; set; }

    /// <summary>What was odd in what was read, each in words: an unknown <c>LLM_*</c> name, an unreadable line of <c>.env</c>. Never null, never a secret.</summary>
    public IReadOnlyList<string> Warnings { get; internal set; } = [];

    /// <summary>Whether <see cref="MaxTokens"/> was set at all; a provider that cannot honour the mere default has lost nothing.</summary>
    internal bool IsMaxTokensSet => _maxTokens is not null;

    /// <summary>The variables that this was read from, for a vendor's own such as <c>ANTHROPIC_API_KEY</c>.</summary>
    internal VariableSet Variables { get; init; } = VariableSet.OfProcess;

    /// <summary>
    /// The variable that the key comes from, for messages: <c>LLM_API_KEY</c> beside the vendor's own, but for a target of a route
    /// that names another; null for a target of a vendor that <c>LLM_API_KEY</c> is not for.
    /// </summary>
    internal string? KeySetting { get; init; } = OwnKeySetting;

    /// <summary>Reads <c>.env</c>, in the folder or its nearest parent that has one, and then the environment, which wins.</summary>
    /// <param name="folder">Where to look for <c>.env</c>; null for the working folder.</param>
    /// <returns>The configuration, validated.</returns>
    /// <exception cref="ProviderInitException">A value is invalid: the message names the variable, the value (never a secret) and what is allowed.</exception>
    public static GatewayConfig Load(string? folder = null)
        => ConfigReader.Read(VariableSet.Load(folder ?? Directory.GetCurrentDirectory()));

    /// <summary>Reads <c>.env</c> and the environment as <see cref="Load(string?)"/> does, and then a section of configuration, which wins.</summary>
    /// <param name="section">Its keys are the property names here (<c>Model</c>) or the variables' names (<c>LLM_MODEL</c>).</param>
    /// <returns>The configuration, validated.</returns>
    /// <exception cref="ProviderInitException">A value is invalid.</exception>
    public static GatewayConfig Load(IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(section);
        return ConfigReader.Read(VariableSet.Load(Directory.GetCurrentDirectory()).With(section));
    }

    /// <summary>Checks every value.</summary>
    /// <exception cref="ProviderInitException">A value is out of its range; the message names it.</exception>
    public void Validate() => ConfigReader.Validate(this);

    /// <summary>Every setting with its effective value and where it came from; secrets redacted.</summary>
    /// <returns>One row a variable, in the order of the documentation.</returns>
    public IReadOnlyList<ConfigSetting> Describe() => [.. ConfigVariable.All.Select(v => v.Describe(this))];

    /// <summary>All settings on one line; the key redacted.</summary>
    /// <returns>The line.</returns>
    public override string ToString()
        => $"GatewayConfig {{ {string.Join(", ", Describe().Select(s => $"{s.Key} = {s.Value ?? "(unset)"}"))} }}";
}

/// <summary>One setting, as it stands.</summary>
/// <param name="Variable">Its variable, such as <c>LLM_MODEL</c>.</param>
/// <param name="Key">Its property of <see cref="GatewayConfig"/>, such as <c>Model</c>.</param>
/// <param name="Value">Its effective value; null where unset; <c>***</c> for a secret.</param>
/// <param name="Source">Where it came from: <c>default</c>, <c>environment</c>, a <c>.env</c> file's path, <c>configuration</c> or <c>code</c>.</param>
/// <param name="Description">What it means, in a few words.</param>
public sealed record ConfigSetting(string Variable, string Key, string? Value, string Source, string Description);

/// <summary>Where telemetry goes.</summary>
public enum TraceExporter
{
    /// <summary>Nowhere.</summary>
    None,

    /// <summary>To the console.</summary>
    Console,

    /// <summary>To an OTLP receiver.</summary>
    Otlp,
}

/// <summary>How log lines look, where this project owns the logging.</summary>
public enum LogFormat
{
    /// <summary>One JSON object a line.</summary>
    Json,

    /// <summary>For people.</summary>
    Console,
}
