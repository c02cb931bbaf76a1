using System.Text.Json;
using LlmGateway.Dialects;
using LlmGateway.Providers.Cli;

namespace LlmGateway.Providers.LocalCodex;

/// <summary>
/// How the CLI is let in: by a key, or by what <c>codex login</c> wrote into the user's own home (<c>CODEX_HOME</c>, else
/// <c>~/.codex</c>). Of that home a run sees the login alone.
/// </summary>
internal sealed class CodexLogin
{
    private const string FileName = "auth.json";

    private readonly bool _hasKey;
    private readonly string _file;

    private CodexLogin(bool hasKey, string file)
    {
        _hasKey = hasKey;
        _file = file;
    }

    /// <summary>Whether the tokens are paid for: with a key, also one that <c>codex login --with-api-key</c> keeps.</summary>
    public bool IsMetered => _hasKey || HoldsKey();

    public static CodexLogin Of(GatewayConfig config)
    {
        var home = config.Variables.Find("CODEX_HOME")?.Value is { Length: > 0 } own ? own : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".codex");
        return new CodexLogin(!string.IsNullOrEmpty(config.ApiKey) || !string.IsNullOrWhiteSpace(config.Variables.Find(CodexEnvironment.Key)?.Value), Path.Combine(home, FileName));
    }

    /// <exception cref="ProviderException">The login cannot be shown to the run.</exception>
    public void LinkInto(CliFolder folder, string home)
    {
        if (!_hasKey) folder.Link(Path.Combine(home, FileName), _file, LocalCodexProvider.Codex);
    }

    private bool HoldsKey()
    {
        try
        {
            if (!File.Exists(_file)) return false;
            using var document = JsonDocument.Parse(File.ReadAllBytes(_file));
            var root = document.RootElement;
            return root.Text("auth_mode"u8) is { } mode ? mode == "apikey" : root.Text("OPENAI_API_KEY"u8) is { Length: > 0 } && root.Member("tokens"u8, JsonValueKind.Object) is null;
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            // The CLI itself says what is wrong with it.
            return false;
        }
    }
}
