namespace LlmGateway.Providers.Cli;

/// <summary>What of a request a program cannot be told, in words.</summary>
internal static class CliLosses
{
    public static void Add(List<string> losses, LlmRequest request, CliProgram program, CliSettings known)
    {
        if (request is { MaxTokens: { } max, MaxTokensIsDefault: false }) NoSetting($"max_tokens {max} was", CliSettings.MaxTokens);
        if (request.Temperature is not null) NoSetting("The temperature was", CliSettings.Temperature);
        if (request.StopSequences.Count > 0) NoSetting("The stop sequences were", CliSettings.StopSequences);
        if (request.TopP is not null) NoSetting("top_p was", CliSettings.TopP);
        if (request.TopK is not null) NoSetting("top_k was", CliSettings.TopK);
        if (request.Seed is not null) NoSetting("The seed was", CliSettings.Seed);
        if (request.FrequencyPenalty is not null || request.PresencePenalty is not null) NoSetting("The penalties were", CliSettings.Penalties);
        if (request.Reasoning is not null) NoSetting("How much to think was", CliSettings.Reasoning);
        if (request.LogProbs == true || request.TopLogProbs is not null) NoSetting("The wish for log-probabilities was");
        if (request.JsonMode) NoSetting("JSON mode was");
        if (request.ServiceTier is not (null or "auto" or "default" or "standard")) NoSetting($"The service tier '{request.ServiceTier}' was");
        if (request.Metadata.Count > 0) NoSetting("The metadata was");
        if (request.User is not null) NoSetting("The end user's id was");
        if (request.Extensions is { Members.Count: > 0 } own) NoSetting($"{string.Join(", ", own.Members.Keys.Order(StringComparer.Ordinal))} of the dialect {own.Dialect} was");

        void NoSetting(string what, CliSettings setting = CliSettings.None)
        {
            if (setting == CliSettings.None || !known.HasFlag(setting)) losses.Add($"{what} not passed on: {program.Words} has no setting for it.");
        }
    }
}
