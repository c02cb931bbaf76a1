using System.Globalization;
using LlmGateway.Routing.Configuration;
using Microsoft.Extensions.Logging;
using static System.FormattableString;

namespace LlmGateway.Configuration;

/// <summary>
/// One row of the table of settings. The environment, <c>IConfiguration</c>, the CLI's <c>config</c>, the error texts and
/// the check of the documentation all read this table, so that a setting is written down once.
/// </summary>
internal sealed record ConfigVariable(
    string Name,
    string Key,
    string Allowed,
    string Description,
    Func<GatewayConfig, string?> Get,
    Func<GatewayConfig, string, bool> TrySet,
    Func<GatewayConfig, bool>? IsValid = null,
    bool IsSecret = false,
    bool MayHoldKey = false)
{
    public const string Prefix = "LLM_";

    private static readonly string[] TrueWords = ["true", "1", "yes", "on"];
    private static readonly string[] FalseWords = ["false", "0", "no", "off"];

    public static IReadOnlyList<ConfigVariable> All { get; } =
    [
        new("LLM_PROVIDER", nameof(GatewayConfig.Provider), "a provider's name", "which provider answers",
            c => c.Provider, (c, v) => { c.Provider = v; return true; }, c => !string.IsNullOrWhiteSpace(c.Provider)),
        new("LLM_MODEL", nameof(GatewayConfig.Model), "a model's name", "which model answers; the provider's own default where unset",
            c => c.Model, (c, v) => { c.Model = v; return true; }, c => c.Model is null || !string.IsNullOrWhiteSpace(c.Model)),
        new("LLM_API_KEY", nameof(GatewayConfig.ApiKey), "a key without white space or control characters", "the vendor's key; falls back to the vendor's usual variable",
            c => c.ApiKey, (c, v) => { c.ApiKey = v; return true; }, c => IsHeaderSafe(c.ApiKey), IsSecret: true),
        new("LLM_BASE_URL", nameof(GatewayConfig.BaseUrl), "an absolute http or https URL without user name, password, query or fragment", "where the vendor's API is; falls back to the vendor's usual variable",
            c => Text(c.BaseUrl),
            (c, v) => TryUrl(v, out var url) && (c.BaseUrl = url) is not null, c => c.BaseUrl is null || IsBaseUrl(c.BaseUrl)),
        new("LLM_MAX_TOKENS", nameof(GatewayConfig.MaxTokens), "a whole number of at least 1", "the most output tokens of one answer",
            c => Text(c.MaxTokens), (c, v) => TryInt(v, out var n) && (c.MaxTokens = n) == n, c => c.MaxTokens >= 1),
        new("LLM_TEMPERATURE", nameof(GatewayConfig.Temperature), "a number from 0 to 2", "sampling temperature; not sent where unset",
            c => c.Temperature?.ToString(CultureInfo.InvariantCulture),
            (c, v) => double.TryParse(v, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var n) && (c.Temperature = n) is not null,
            c => c.Temperature is null or (>= 0 and <= 2)),
        new("LLM_MAX_RETRIES", nameof(GatewayConfig.MaxRetries), "a whole number of at least 0", "attempts after the first, over all asks of a call",
            c => Text(c.MaxRetries), (c, v) => TryInt(v, out var n) && (c.MaxRetries = n) == n, c => c.MaxRetries >= 0),
        new("LLM_MAX_REASKS", nameof(GatewayConfig.MaxReasks), "a whole number from 0 to 10", "how often an invalid answer is shown to the model and asked for again",
            c => Text(c.MaxReasks), (c, v) => TryInt(v, out var n) && (c.MaxReasks = n) == n, c => c.MaxReasks is >= 0 and <= 10),
        new("LLM_REASK_WITHIN_SECONDS", nameof(GatewayConfig.ReaskWithinSeconds), "a whole number of at least 1", "no re-ask begins later than this many seconds after its call",
            c => Text(c.ReaskWithinSeconds), (c, v) => TryInt(v, out var n) && (c.ReaskWithinSeconds = n) == n, c => c.ReaskWithinSeconds >= 1),
        new("LLM_RETRY_MAX_TOKENS", nameof(GatewayConfig.RetryMaxTokens), "a whole number of at least 1", "a typed answer that was cut is asked for once more with this limit of tokens",
            c => c.RetryMaxTokens?.ToString(CultureInfo.InvariantCulture), (c, v) => TryInt(v, out var n) && (c.RetryMaxTokens = n) is not null, c => c.RetryMaxTokens is null or >= 1),
        new("LLM_COERCION", nameof(GatewayConfig.Coercion), "none or lossless", "whether values of a typed answer may be changed to fit, where nothing is lost",
            c => Text(c.Coercion), (c, v) => TryEnum(v, out Coercion e) && (c.Coercion = e) == e, c => Enum.IsDefined(c.Coercion)),
        new("LLM_UNKNOWN_MEMBERS", nameof(GatewayConfig.UnknownMembers), "error or ignore", "what becomes of members of a typed answer that its type does not have",
            c => Text(c.UnknownMembers), (c, v) => TryEnum(v, out UnknownMembers e) && (c.UnknownMembers = e) == e, c => Enum.IsDefined(c.UnknownMembers)),
        new("LLM_TIMEOUT_SECONDS", nameof(GatewayConfig.TimeoutSeconds), "a whole number of at least 1", "the time for one attempt, in seconds",
            c => Text(c.TimeoutSeconds), (c, v) => TryInt(v, out var n) && (c.TimeoutSeconds = n) == n, c => c.TimeoutSeconds >= 1),
        new("LLM_STREAM_RESCUE", nameof(GatewayConfig.StreamRescue), RescueText.Allowed, "what becomes of a stream that dies after some of it was handed out, where there is another target",
            c => RescueText.Write(c.StreamRescue), (c, v) => RescueText.TryRead(v, out var rescue) && (c.StreamRescue = rescue) == rescue, c => RescueText.IsValid(c.StreamRescue)),
        new("LLM_FALLBACKS", nameof(GatewayConfig.Fallbacks), TargetText.Allowed, "who is asked, in this order, where the provider can't answer",
            c => TargetText.Write(c.Fallbacks), (c, v) => TargetText.TryReadList(v, out var targets) && (c.Fallbacks = targets) is not null, c => c.Fallbacks is not null, MayHoldKey: true),
        new("LLM_CONFIG_FILE", nameof(GatewayConfig.ConfigFile), "a file's path", "routes and vendors (gateway.json), read again when it changes",
            c => c.ConfigFile, (c, v) => { c.ConfigFile = v; return true; }, c => c.ConfigFile is null || !string.IsNullOrWhiteSpace(c.ConfigFile)),
        new("LLM_FIRST_TOKEN_TIMEOUT_SECONDS", nameof(GatewayConfig.FirstTokenTimeoutSeconds), "a whole number of at least 1", "the longest wait for a stream's first piece, in seconds",
            c => c.FirstTokenTimeoutSeconds?.ToString(CultureInfo.InvariantCulture), (c, v) => TryInt(v, out var n) && (c.FirstTokenTimeoutSeconds = n) is not null, c => c.FirstTokenTimeoutSeconds is null or >= 1),
        new("LLM_IDLE_TIMEOUT_SECONDS", nameof(GatewayConfig.IdleTimeoutSeconds), "a whole number of at least 1", "the longest silence within a stream, in seconds",
            c => c.IdleTimeoutSeconds?.ToString(CultureInfo.InvariantCulture), (c, v) => TryInt(v, out var n) && (c.IdleTimeoutSeconds = n) is not null, c => c.IdleTimeoutSeconds is null or >= 1),
        new("LLM_DEADLINE_SECONDS", nameof(GatewayConfig.DeadlineSeconds), "a whole number of at least 1", "the time for a whole call, in seconds",
            c => c.DeadlineSeconds?.ToString(CultureInfo.InvariantCulture), (c, v) => TryInt(v, out var n) && (c.DeadlineSeconds = n) is not null, c => c.DeadlineSeconds is null or >= 1),
        new("LLM_COST_WARN_USD", nameof(GatewayConfig.CostWarnUsd), "a number of US dollars of at least 0", "warn once when this much is spent",
            c => Text(c.CostWarnUsd), (c, v) => TryUsd(v, out var n) && (c.CostWarnUsd = n) is not null, c => c.CostWarnUsd is null or >= 0),
        new("LLM_COST_LIMIT_USD", nameof(GatewayConfig.CostLimitUsd), "a number of US dollars of at least 0", "the most that this client may spend; what might pass it is not sent",
            c => Text(c.CostLimitUsd), (c, v) => TryUsd(v, out var n) && (c.CostLimitUsd = n) is not null, c => c.CostLimitUsd is null or >= 0),
        new("LLM_COST_WARN_AT", nameof(GatewayConfig.CostWarnAt), "a list of ascending percentages above 0, such as 50%,80%,100%", "the parts of a limit at which it is warned that so much is spent",
            c => string.Join(",", c.CostWarnAt.Select(part => Invariant($"{part * 100m:0.############}%"))),
            (c, v) => TryPercents(v, out var parts) && (c.CostWarnAt = parts) is not null, c => c.CostWarnAt is { } parts && Ascend(parts)),
        new("LLM_BUDGETS", nameof(GatewayConfig.Budgets), BudgetText.Allowed, "further limits, which clients of one store share",
            c => BudgetText.Write(c.Budgets), (c, v) => BudgetText.TryRead(v, out var budgets) && (c.Budgets = budgets) is not null, c => c.Budgets is { } budgets && budgets.DistinctBy(budget => budget.Name).Count() == budgets.Count),
        new("LLM_BUDGET_RESERVE", nameof(GatewayConfig.BudgetReserve), "worst_case or estimate", "what is set aside before a request is sent under a limit",
            c => Text(c.BudgetReserve), (c, v) => TryEnum(v, out BudgetReserve e) && (c.BudgetReserve = e) == e, c => Enum.IsDefined(c.BudgetReserve)),
        new("LLM_UNKNOWN_PRICE", nameof(GatewayConfig.UnknownPrice), "refuse, warn or allow", "what becomes of a request whose price is unknown; refuse where a limit is set, else warn",
            c => c.UnknownPrice is { } e ? Text(e) : null, (c, v) => TryEnum(v, out UnknownPrice e) && (c.UnknownPrice = e) is not null, c => c.UnknownPrice is not { } e || Enum.IsDefined(e)),
        new("LLM_TAGS", nameof(GatewayConfig.Tags), "a list such as team=search,feature=answers", "labels of every call, for budgets and the ledger",
            c => BudgetText.WriteTags(c.Tags), (c, v) => BudgetText.TryReadTags(v, out var tags) && (c.Tags = tags) is not null, c => c.Tags is not null),
        new("LLM_LEDGER_FILE", nameof(GatewayConfig.LedgerFile), "a file's path", "where every call's record and cost is kept (package LlmGateway.Sqlite)",
            c => c.LedgerFile, (c, v) => { c.LedgerFile = v; return true; }),
        new("LLM_LEDGER_MODE", nameof(GatewayConfig.LedgerMode), "strict or best_effort", "what is done where the ledger can't be written; strict where a limit is set, else best_effort",
            c => c.LedgerMode is { } e ? Text(e) : null, (c, v) => TryEnum(v, out LedgerMode e) && (c.LedgerMode = e) is not null, c => c.LedgerMode is not { } e || Enum.IsDefined(e)),
        new("LLM_PRICES_FILE", nameof(GatewayConfig.PricesFile), "a file's path", "prices that override the built-in ones",
            c => c.PricesFile, (c, v) => { c.PricesFile = v; return true; }),
        new("LLM_VENDORS_FILE", nameof(GatewayConfig.VendorsFile), "a file's path", "vendors of your own, or other rows for built-in ones",
            c => c.VendorsFile, (c, v) => { c.VendorsFile = v; return true; }),
        new("LLM_TRACE_ENABLED", nameof(GatewayConfig.TraceEnabled), "true or false", "export spans and metrics (package LlmGateway.OpenTelemetry)",
            c => Text(c.TraceEnabled), (c, v) => TryBool(v, out var b) && (c.TraceEnabled = b) == b),
        new("LLM_TRACE_EXPORTER", nameof(GatewayConfig.TraceExporter), "none, console or otlp", "where spans and metrics go",
            c => Text(c.TraceExporter), (c, v) => TryEnum(v, out TraceExporter e) && (c.TraceExporter = e) == e, c => Enum.IsDefined(c.TraceExporter)),
        new("LLM_TRACE_ENDPOINT", nameof(GatewayConfig.TraceEndpoint), "an absolute http or https URL without user name, password, query or fragment", "the OTLP receiver, gRPC",
            c => Text(c.TraceEndpoint), (c, v) => TryUrl(v, out var url) && (c.TraceEndpoint = url!) is not null, c => c.TraceEndpoint is not null && IsBaseUrl(c.TraceEndpoint)),
        new("LLM_TRACE_SERVICE_NAME", nameof(GatewayConfig.TraceServiceName), "a name", "the service's name in telemetry",
            c => c.TraceServiceName, (c, v) => { c.TraceServiceName = v; return true; }, c => !string.IsNullOrWhiteSpace(c.TraceServiceName)),
        new("LLM_LOG_LEVEL", nameof(GatewayConfig.LogLevel), "trace, debug, information, warning, error or critical", "the least level that the CLI logs",
            c => Text(c.LogLevel), (c, v) => TryLogLevel(v, out var l) && (c.LogLevel = l) == l, c => c.LogLevel is >= LogLevel.Trace and <= LogLevel.Critical),
        new("LLM_LOG_FORMAT", nameof(GatewayConfig.LogFormat), "json or console", "how the CLI logs",
            c => Text(c.LogFormat), (c, v) => TryEnum(v, out LogFormat e) && (c.LogFormat = e) == e, c => Enum.IsDefined(c.LogFormat)),
        new("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", nameof(GatewayConfig.CaptureMessageContent), "true or false", "record prompts and answers on spans",
            c => Text(c.CaptureMessageContent), (c, v) => TryBool(v, out var b) && (c.CaptureMessageContent = b) == b),
    ];

    /// <summary>Names with the prefix that are not settings of a client, and yet no slip: the live tests' switch.</summary>
    public static IReadOnlySet<string> AlsoKnown { get; } = new HashSet<string>(StringComparer.Ordinal) { "LLM_LIVE", "LLM_DATA_DIR", "LLM_ADMIN_TOKEN", "LLM_GATEWAY_CI" };

    /// <summary>Sets the value, or says what is wrong with it.</summary>
    public void Set(GatewayConfig config, Variable variable)
    {
        if (!TrySet(config, variable.Value.Trim()) || IsValid?.Invoke(config) == false) throw Invalid(variable.Value, variable.Source);
    }

    /// <summary>Checks the value that the configuration holds.</summary>
    public void Check(GatewayConfig config)
    {
        if (IsValid?.Invoke(config) == false) throw Invalid(Get(config), "code");
    }

    public ConfigSetting Describe(GatewayConfig config)
    {
        var value = Get(config);
        var fresh = new GatewayConfig();
        var source = "code";
        if (!config.Variables.ReadsProcess && config.Variables.Find(Name) is { } variable && TrySet(fresh, variable.Value.Trim()) && Get(fresh) == value) source = variable.Source;
        else if (Get(new GatewayConfig()) == value) source = "default";
        return new ConfigSetting(Name, Key, IsSecret && value is not null ? "***" : value, source, Description);
    }

    /// <summary>A value that may hold a password is not shown: a secret's, a URL's with more in it than a URL may have, a target's where a key may stand in place of its variable.</summary>
    private ProviderInitException Invalid(string? value, string source)
    {
        var shown = IsSecret || (value?.Contains('@', StringComparison.Ordinal) ?? true) || value.Contains('?', StringComparison.Ordinal) || (MayHoldKey && value.Contains('#', StringComparison.Ordinal))
            ? "The value (not shown)"
            : $"The value '{value}'";
        return new ProviderInitException($"{Name} is invalid. {shown}, from {source}, is not {Allowed}.", setting: Name);
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string? Text(decimal? value) => value?.ToString(CultureInfo.InvariantCulture);

    /// <summary>Without what may be a secret: user name and password, query, fragment.</summary>
    private static string? Text(Uri? url) => url is { IsAbsoluteUri: true }
        ? url.GetComponents(url.AbsolutePath == "/" ? UriComponents.SchemeAndServer : UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped)
        : url?.OriginalString;

    private static string Text(bool value) => value ? "true" : "false";

    private static string Text<TEnum>(TEnum value)
        where TEnum : struct, Enum
        => EnumText.Write(value);

    private static bool TryPercents(string text, out IReadOnlyList<decimal> parts)
    {
        List<decimal> read = [];
        parts = read;
        foreach (var item in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!decimal.TryParse(item.TrimEnd('%', ' '), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent)) return false;
            read.Add(percent / 100m);
        }

        return true;
    }

    private static bool Ascend(IReadOnlyList<decimal> parts) => parts.Select((part, i) => part > (i == 0 ? 0m : parts[i - 1])).All(isMore => isMore);

    private static bool TryInt(string text, out int value)
        => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);

    private static bool TryUsd(string text, out decimal value)
        => decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value);

    private static bool TryBool(string text, out bool value)
    {
        value = TrueWords.Contains(text, StringComparer.OrdinalIgnoreCase);
        return value || FalseWords.Contains(text, StringComparer.OrdinalIgnoreCase);
    }

    private static bool TryEnum<TEnum>(string text, out TEnum value)
        where TEnum : struct, Enum
        => EnumText.TryRead(text, out value);

    private static bool TryLogLevel(string text, out LogLevel level)
    {
        var name = text.ToUpperInvariant() switch
        {
            "INFO" => nameof(LogLevel.Information),
            "WARN" => nameof(LogLevel.Warning),
            _ => text,
        };
        return TryEnum(name, out level);
    }

    private static bool TryUrl(string text, out Uri? url) => Uri.TryCreate(text, UriKind.Absolute, out url);

    /// <summary>Whether the address of an API can be so; one with a user name or a query may hold a secret.</summary>
    public static bool IsBaseUrl(Uri url)
        => url is { IsAbsoluteUri: true, Scheme: "http" or "https", UserInfo: "", Query: "", Fragment: "" };

    /// <summary>Whether a key can stand in an HTTP header.</summary>
    public static bool IsHeaderSafe(string? key)
    {
        foreach (var c in key ?? "")
        {
            if (c is <= ' ' or >= '\u007F') return false;
        }

        return true;
    }
}
