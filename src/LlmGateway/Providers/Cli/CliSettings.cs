namespace LlmGateway.Providers.Cli;

/// <summary>What of a request's settings a program can be told. The others are reported losses where they are set.</summary>
[Flags]
internal enum CliSettings
{
    None = 0,
    MaxTokens = 1,
    Temperature = 2,
    StopSequences = 4,
    TopP = 8,
    TopK = 16,
    Seed = 32,
    Penalties = 64,
    Reasoning = 128,
}
