using System.Text;
using Spectre.Console;

namespace LlmGateway.Cli;

/// <summary>
/// Where the process reads and writes. Answers alone go to standard output; everything said to a person goes to
/// standard error.
/// </summary>
internal sealed class Terminal
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    private Terminal(Stream input, Stream output, Stream error)
    {
        Input = input;
        OutputBytes = output;
        Output = new StreamWriter(output, Utf8) { AutoFlush = true, NewLine = "\n" };
        Error = new StreamWriter(error, Utf8) { AutoFlush = true, NewLine = "\n" };
        IsErrorInteractive = !Console.IsErrorRedirected;
        IsInputPiped = Console.IsInputRedirected;
        Status = Create(Error, IsErrorInteractive);
        Table = Create(Output, !Console.IsOutputRedirected);
        if (Console.IsOutputRedirected) Table.Profile.Width = 1000; // A table in a pipe is not folded to a width nobody sees.
    }

    public Stream Input { get; }

    public Stream OutputBytes { get; }

    public TextWriter Output { get; }

    public TextWriter Error { get; }

    public bool IsErrorInteractive { get; }

    public bool IsInputPiped { get; }

    /// <summary>For what moves while one waits, on standard error.</summary>
    public IAnsiConsole Status { get; }

    /// <summary>For tables, on standard output.</summary>
    public IAnsiConsole Table { get; }

    public static Terminal OfProcess() => new(Console.OpenStandardInput(), Console.OpenStandardOutput(), Console.OpenStandardError());

    public void Warn(string message) => Error.WriteLine($"warning: {message}");

    /// <summary>A read of standard input cannot be cancelled, only left behind.</summary>
    public async Task<string> ReadInputAsync(CancellationToken cancellationToken)
    {
        var reader = new StreamReader(Input, Utf8);
        return await reader.ReadToEndAsync(CancellationToken.None).WaitAsync(cancellationToken);
    }

    /// <summary>Shows that something is under way, where someone is looking.</summary>
    public Task<T> WhileShowing<T>(string what, Func<Task<T>> work)
        => IsErrorInteractive ? Status.Status().Spinner(Spinner.Known.Dots).StartAsync(Markup.Escape(what), _ => work()) : work();

    /// <summary>Colours only where someone is looking and has not asked for none (https://no-color.org).</summary>
    private static IAnsiConsole Create(TextWriter writer, bool isInteractive)
    {
        var wantsColour = isInteractive && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        return AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = isInteractive ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = wantsColour ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = isInteractive ? InteractionSupport.Yes : InteractionSupport.No,
        });
    }
}
