using System.Collections;
using LlmGateway.Configuration;
using LlmGateway.Providers.LocalClaude;
using LlmGateway.Tests.Providers.Cli;

namespace LlmGateway.Tests.Providers.LocalClaude;

/// <summary>A program that plays <c>claude</c>: it writes down how it was run, and prints what it was told to.</summary>
internal sealed class FakeClaude : IDisposable
{
    private const string Script = """
        printf '%s\0' "$@" > "$here/args"
        env > "$here/env"
        ls -A > "$here/files"
        while [ $# -gt 0 ]; do [ "$1" = --system-prompt-file ] && cp "$2" "$here/system"; shift; done
        cat > "$here/stdin"
        cat "$here/error" >&2
        cat "$here/reply"
        exit $(cat "$here/code")
        """;

    private readonly FakeCli _cli = new("claude", Script);

    public FakeClaude(string reply, int exitCode = 0, string error = "")
    {
        File.WriteAllText(Path.Combine(_cli.Folder, "reply"), reply);
        File.WriteAllText(Path.Combine(_cli.Folder, "error"), error);
        File.WriteAllText(Path.Combine(_cli.Folder, "code"), $"{exitCode}");
    }

    public string Folder => _cli.Folder;

    public string[] Arguments => _cli.Read("args").Split('\0')[..^1];

    public string Input => _cli.Read("stdin");

    public string WorkingFiles => _cli.Read("files");

    public string SystemFile => _cli.Read("system");

    public bool WasRun => _cli.Has("args");

    public string[] Environment => _cli.Read("env").Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The argument after a flag.</summary>
    public string After(string flag) => Arguments[Array.IndexOf(Arguments, flag) + 1];

    /// <summary>A provider over it, found on PATH as in real life; of the machine's own variables none of the vendor's counts.</summary>
    public ILlmProvider Provider(GatewayConfig? config = null, Hashtable? variables = null, string? dotEnv = null, TimeProvider? time = null)
    {
        variables ??= [];
        variables["PATH"] = Folder;
        var set = VariableSet.Merge(dotEnv is null ? null : EnvFile.Parse(dotEnv, "/x/.env"), variables);
        return LocalClaudeProvider.Create((config ?? new GatewayConfig()) with { Variables = set }, new ProviderServices { TimeProvider = time ?? TimeProvider.System });
    }

    public void Dispose() => _cli.Dispose();
}
