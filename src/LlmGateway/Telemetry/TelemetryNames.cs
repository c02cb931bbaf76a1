namespace LlmGateway.Telemetry;

/// <summary>
/// Every name that telemetry uses, in one place. <c>gen_ai.*</c>, <c>server.*</c> and <c>error.type</c> are those of the
/// OpenTelemetry semantic conventions v1.41, docs/gen-ai; what is ours stands under <c>llm_gateway.*</c>.
/// </summary>
internal static class TelemetryNames
{
    public const string Source = "LlmGateway";

    public const string OperationName = "gen_ai.operation.name";
    public const string ProviderName = "gen_ai.provider.name";
    public const string RequestModel = "gen_ai.request.model";
    public const string RequestMaxTokens = "gen_ai.request.max_tokens";
    public const string RequestTemperature = "gen_ai.request.temperature";
    public const string RequestStream = "gen_ai.request.stream";
    public const string RequestTopP = "gen_ai.request.top_p";
    public const string RequestTopK = "gen_ai.request.top_k";
    public const string RequestSeed = "gen_ai.request.seed";
    public const string RequestFrequencyPenalty = "gen_ai.request.frequency_penalty";
    public const string RequestPresencePenalty = "gen_ai.request.presence_penalty";
    public const string RequestStopSequences = "gen_ai.request.stop_sequences";
    public const string TimeToFirstChunk = "gen_ai.response.time_to_first_chunk";
    public const string OutputType = "gen_ai.output.type";
    public const string ResponseModel = "gen_ai.response.model";
    public const string ResponseId = "gen_ai.response.id";
    public const string ResponseFinishReasons = "gen_ai.response.finish_reasons";
    public const string InputTokens = "gen_ai.usage.input_tokens";
    public const string OutputTokens = "gen_ai.usage.output_tokens";
    public const string CacheReadTokens = "gen_ai.usage.cache_read.input_tokens";
    public const string CacheCreationTokens = "gen_ai.usage.cache_creation.input_tokens";
    public const string ReasoningTokens = "gen_ai.usage.reasoning.output_tokens";
    public const string InputMessages = "gen_ai.input.messages";
    public const string OutputMessages = "gen_ai.output.messages";
    public const string SystemInstructions = "gen_ai.system_instructions";
    public const string TokenType = "gen_ai.token.type";
    public const string ServerAddress = "server.address";
    public const string ServerPort = "server.port";
    public const string ErrorType = "error.type";
    public const string HttpStatus = "http.response.status_code";

    public const string Provider = "llm_gateway.provider";
    public const string CallId = "llm_gateway.call.id";
    public const string Outcome = "llm_gateway.outcome";
    public const string AttemptCount = "llm_gateway.attempts";
    public const string AttemptNumber = "llm_gateway.attempt.number";
    public const string Ask = "llm_gateway.attempt.ask";
    public const string ReaskCount = "llm_gateway.reasks";
    public const string OutputMode = "llm_gateway.output.mode";
    public const string RepairCount = "llm_gateway.repairs";
    public const string LossCount = "llm_gateway.losses";
    public const string CostUsd = "llm_gateway.cost.total_usd";
    public const string InputCostUsd = "llm_gateway.cost.input_usd";
    public const string OutputCostUsd = "llm_gateway.cost.output_usd";
    public const string UsageEstimated = "llm_gateway.usage.estimated";
    public const string RequestId = "llm_gateway.vendor_request_id";

    public const string OperationDuration = "gen_ai.client.operation.duration";
    public const string TokenUsage = "gen_ai.client.token.usage";
    public const string OperationTimeToFirstChunk = "gen_ai.client.operation.time_to_first_chunk";
    public const string CallCost = "llm_gateway.client.call.cost";
    public const string Attempts = "llm_gateway.client.attempts";
    public const string BudgetAlerts = "llm_gateway.client.budget.alerts";
    public const string BudgetRefusals = "llm_gateway.client.budget.refusals";
    public const string Budget = "llm_gateway.budget";
    public const string BudgetThreshold = "llm_gateway.budget.threshold";
    public const string Failovers = "llm_gateway.client.failovers";
    public const string Rescues = "llm_gateway.client.rescues";
    public const string CircuitChanges = "llm_gateway.client.circuit.changes";
    public const string CircuitState = "llm_gateway.circuit.state";
    public const string Target = "llm_gateway.target";
    public const string DiedTarget = "llm_gateway.rescue.died_target";
    public const string RescueKind = "llm_gateway.rescue.kind";
    public const string RescueCount = "llm_gateway.rescues";
    public const string IsHedge = "llm_gateway.attempt.hedge";
    public const string Route = "llm_gateway.route";
    public const string ReservedUsd = "llm_gateway.cost.reserved_usd";
    public const string CostBasis = "llm_gateway.cost.basis";
    public const string LedgerDropped = "llm_gateway.ledger.dropped";

    public const string OperationChat = "chat";
    public const string OperationEmbeddings = "embeddings";
    public const string TokenTypeInput = "input";
    public const string TokenTypeOutput = "output";

    /// <summary>
    /// The well-known values of <c>gen_ai.provider.name</c> (conventions v1.41) for the providers that have one; any other
    /// keeps its own name. A CLI is its vendor's: <see cref="Provider"/> tells the two apart.
    /// </summary>
    public static string ProviderNameOf(string provider) => provider switch
    {
        "local_claude" => "anthropic",
        "local_codex" or "openai_responses" => "openai",
        "gemini" or "google" or "local_gemini" => "gcp.gemini",
        "vertex" => "gcp.vertex_ai",
        "azure" or "azure_openai" => "azure.ai.openai",
        "aws" or "bedrock" => "aws.bedrock",
        "mistral" => "mistral_ai",
        "xai" => "x_ai",
        "watsonx" => "ibm.watsonx.ai",
        _ => provider,
    };
}
