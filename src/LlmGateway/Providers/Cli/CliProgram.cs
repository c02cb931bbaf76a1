namespace LlmGateway.Providers.Cli;

/// <summary>A vendor's command-line program, as its provider's messages speak of it.</summary>
/// <param name="Provider">The provider's name, such as <c>local_claude</c>.</param>
/// <param name="Command">The program's name on PATH.</param>
/// <param name="NpmPackage">The npm package that has it.</param>
/// <param name="NpmPath">Where that package has its <c>.exe</c>, relative to the folder of npm's shim; empty where it has none.</param>
/// <param name="LogIn">What to do to be let in, as the end of a sentence.</param>
/// <param name="Alternative">A provider of the same vendor's models for what the program cannot do.</param>
internal sealed record CliProgram(string Provider, string Command, string NpmPackage, string NpmPath, string LogIn, string Alternative)
{
    /// <summary>What the program is called in a sentence.</summary>
    public string Words => $"the {Command} CLI";

    /// <exception cref="CliNotFoundException">The program is not on PATH.</exception>
    public string Find(GatewayConfig config)
        => CliExecutable.Find(Command, NpmPath, config.Variables)
            ?? throw new CliNotFoundException(Provider, Command, $"Install it with 'npm install -g {NpmPackage}', then {LogIn}.");

    public ProviderException Refusal(ProviderErrorKind kind, string why) => new(Provider, kind, $"{Provider} cannot send this request: {why}");
}
