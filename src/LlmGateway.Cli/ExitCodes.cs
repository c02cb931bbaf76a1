namespace LlmGateway.Cli;

/// <summary>What the process says to a shell.</summary>
internal static class ExitCodes
{
    public const int Ok = 0;
    public const int Other = 1;
    public const int Usage = 2;
    public const int Validation = 3;
    public const int CostLimit = 4;
    public const int Provider = 5;
    public const int Cancelled = 130; // As shells say for SIGINT: 128 + 2.
}
