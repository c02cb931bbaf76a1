using System.Collections;
using LlmGateway.Configuration;

namespace LlmGateway.Tests.Providers.Cli;

/// <summary>A program that plays a vendor's CLI: it writes down how it was run, keeps its home's files, and prints what it was told to.</summary>
internal sealed class FakeProgram : IDisposable
{
    private const string Script = """
        printf '%s\0' "$@" > "$here/args"
        env > "$here/env"
        ls -A > "$here/files"
        cp -RP "${CODEX_HOME:-$GEMINI_CLI_HOME}" "$here/home"
        while [ $# -gt 0 ]; do [ "$1" = --output-schema ] && cp "$2" "$here/schema"; shift; done
        [ -n "$GEMINI_SYSTEM_MD" ] && cp "$GEMINI_SYSTEM_MD" "$here/system"
        [ -n "$GEMINI_CLI_HOME" ] && cp "$here/report" "$GEMINI_CLI_HOME/report.json"
        cat > "$here/stdin"
        cat "$here/error" >&2
        cat "$here/reply"
        exit $(cat "$here/code")
        """;

    private readonly FakeCli _cli;

    public FakeProgram(string name, string reply, int exitCode = 0, string error = "", string report = "")
    {
        _cli = new FakeCli(name, Script);
        Write("reply", reply);
        Write("error", error);
        Write("report", report);
        Write("code", $"{exitCode}");
        Directory.CreateDirectory(UserHome);
    }

    /// <summary>The user's own home, for the variables that name it.</summary>
    public string UserHome => Path.Combine(_cli.Folder, "user");

    public string[] Arguments => _cli.Read("args").Split('\0')[..^1];

    public string Input => _cli.Read("stdin");

    public string WorkingFiles => _cli.Read("files");

    public bool WasRun => _cli.Has("args");

    public string[] Environment => _cli.Read("env").Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public string Read(string file) => _cli.Read(file);

    /// <summary>Where a link in the run's home led; null where there is none.</summary>
    public string? LinkOf(string file) => new FileInfo(Path.Combine(_cli.Folder, "home", file)).LinkTarget;

    /// <summary>A configuration with its folder on PATH and its user's home; of the machine's own variables none of the vendor's counts.</summary>
    public GatewayConfig Config(Hashtable? variables = null, GatewayConfig? config = null)
    {
        variables ??= [];
        variables["PATH"] = _cli.Folder;
        variables["CODEX_HOME"] = UserHome;
        variables["GEMINI_CLI_HOME"] = UserHome;
        return (config ?? new GatewayConfig()) with { Variables = VariableSet.Merge(null, variables) };
    }

    public void Dispose() => _cli.Dispose();

    private void Write(string file, string text) => File.WriteAllText(Path.Combine(_cli.Folder, file), text);
}
