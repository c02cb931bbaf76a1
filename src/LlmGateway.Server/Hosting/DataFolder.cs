namespace LlmGateway.Server.Hosting;

/// <summary>Where the server keeps its ledger and its keys.</summary>
internal static class DataFolder
{
    /// <summary>The folder: the one that is named, else <c>LLM_DATA_DIR</c>, else the user's own for data of programs.</summary>
    public static string Find(string? named)
    {
        if (named is { Length: > 0 }) return Path.GetFullPath(named);
        if (Environment.GetEnvironmentVariable("LLM_DATA_DIR") is { Length: > 0 } set) return Path.GetFullPath(set);
        return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "llm-gateway");
    }
}
