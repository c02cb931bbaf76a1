namespace LlmGateway;

/// <summary>The command-line program that a provider runs is not installed, or not found.</summary>
public sealed class CliNotFoundException : ProviderException
{
    /// <summary>A missing program.</summary>
    /// <param name="provider">The provider's name.</param>
    /// <param name="command">The program that was looked for.</param>
    /// <param name="howToInstall">How to install it.</param>
    public CliNotFoundException(string provider, string command, string howToInstall)
        : base(provider, ProviderErrorKind.CliNotFound, $"The program '{command}', which provider '{provider}' runs, was not found on PATH. {howToInstall}")
        => Command = command;

    /// <summary>The program that was looked for.</summary>
    public string Command { get; }
}
