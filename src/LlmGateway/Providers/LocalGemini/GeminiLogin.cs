using System.Text.Json;
using LlmGateway.Dialects;
using LlmGateway.Providers.Cli;

namespace LlmGateway.Providers.LocalGemini;

/// <summary>
/// How the CLI is let in, by its own order: the way chosen in its settings, else what the environment holds; but a key of
/// the gateway's comes first. Of the user's home (<c>GEMINI_CLI_HOME</c>, else <c>~</c>) a run sees the login alone.
/// </summary>
internal sealed class GeminiLogin
{
    public const string ApiKey = "gemini-api-key";
    public const string Vertex = "vertex-ai";
    public const string Google = "oauth-personal";

    private static readonly string[] Files = ["oauth_creds.json", "google_accounts.json", "gemini-credentials.json"];

    private readonly string _folder;

    private GeminiLogin(string type, string folder)
    {
        Type = type;
        _folder = folder;
    }

    /// <summary>The CLI's word for the way of logging in.</summary>
    public string Type { get; }

    /// <summary>Whether the tokens are paid for.</summary>
    public bool IsMetered => Type is ApiKey or Vertex;

    public static GeminiLogin Of(GatewayConfig config)
    {
        var home = Variable("GEMINI_CLI_HOME") is { Length: > 0 } own ? own : Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var folder = Path.Combine(home, ".gemini");
        return new GeminiLogin(!string.IsNullOrEmpty(config.ApiKey) ? ApiKey : Chosen(Path.Combine(folder, "settings.json")) ?? OfEnvironment(), folder);

        string? Variable(string name) => config.Variables.Find(name)?.Value.Trim();

        string OfEnvironment()
            => Variable("GOOGLE_GENAI_USE_GCA") == "true" ? Google
            : Variable("GOOGLE_GENAI_USE_VERTEXAI") == "true" ? Vertex
            : Variable(GeminiEnvironment.Key) is { Length: > 0 } ? ApiKey
            : Google;
    }

    /// <exception cref="ProviderException">The login cannot be shown to the run.</exception>
    public void LinkInto(CliFolder folder, string home)
    {
        if (Type == ApiKey) return;
        foreach (var file in Files) folder.Link(Path.Combine(home, file), Path.Combine(_folder, file), LocalGeminiProvider.Gemini);
    }

    /// <summary>Null where the user has chosen none, or the settings cannot be read.</summary>
    private static string? Chosen(string settings)
    {
        try
        {
            if (!File.Exists(settings)) return null;
            using var document = JsonDocument.Parse(File.ReadAllBytes(settings), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            return document.RootElement.Member("security"u8, JsonValueKind.Object)?.Member("auth"u8, JsonValueKind.Object)?.Text("selectedType"u8);
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
