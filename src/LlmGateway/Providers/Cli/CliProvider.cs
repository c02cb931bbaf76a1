using System.Globalization;

namespace LlmGateway.Providers.Cli;

/// <summary>
/// What the providers that run a program share: a conversation becomes a prompt on standard input, what the program
/// printed becomes a reply or a typed error, and no error holds a key.
/// </summary>
internal abstract class CliProvider : ILlmProvider
{
    private const int MaxTail = 500;

    private readonly CliRunner _cli;
    private readonly TimeProvider _time;

    protected CliProvider(CliProgram program, CliRunner cli, TimeProvider time)
    {
        Program = program;
        _cli = cli;
        _time = time;
    }

    public string Name => Program.Provider;

    public abstract string DefaultModel { get; }

    public Uri? Endpoint => null;

    public abstract ProviderBilling Billing { get; }

    /// <summary>The program has a prompt of its own, no limit of tokens, and may ask again by itself.</summary>
    public bool IsCostBounded => false;

    protected CliProgram Program { get; }

    /// <summary>What of a request's settings the program can be told.</summary>
    protected abstract CliSettings Settings { get; }

    public abstract ModelCapabilities GetCapabilities(string model);

    public async Task<LlmReply> CompleteAsync(LlmRequest request, CancellationToken cancellationToken)
    {
        var prompt = CliPrompt.Of(request, Program, Settings);
        var losses = new List<string>(prompt.Losses);
        var result = await _cli.RunAsync(folder => Prepare(request, prompt.System, folder, losses), prompt.Text, cancellationToken).ConfigureAwait(false);
        if (result.IsTooLarge)
        {
            throw new ProviderException(Name, ProviderErrorKind.MalformedReply, $"{Name}: {Program.Words} printed more than {CliProcess.MaxOutputBytes / (1024 * 1024)} MiB and was stopped.");
        }

        try
        {
            return WithLosses(Parse(result, request));
        }
        catch (CliOutputException e) when (e.HasNoMessage)
        {
            throw NoMessage(result);
        }
        catch (CliOutputException e)
        {
            throw new ProviderException(Name, e.Kind, $"{Name}: {_cli.Environment.Redact(e.Message)}{Advice(e.Kind, e.Message)}")
            {
                HttpStatus = e.HttpStatus,
                VendorCode = e.Code,
                RequestId = e.RequestId,
                RetryAfter = e.ResetsAt is { } at ? Max(at - _time.GetUtcNow(), TimeSpan.Zero) : e.RetryAfter,
                PartialReply = e.Partial is { } partial ? WithLosses(partial) : null,
            };
        }

        LlmReply WithLosses(CliAnswer answer)
        {
            var reply = Reply(answer);
            return reply with { Losses = [.. losses, .. reply.Losses] };
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Says how to run the program for a request, and puts what it reads into the folder.</summary>
    /// <exception cref="ProviderException">The request cannot be said to the program.</exception>
    protected abstract CliRun Prepare(LlmRequest request, string system, CliFolder folder, List<string> losses);

    /// <exception cref="CliOutputException">The output is an error, or none of the program's.</exception>
    protected abstract CliAnswer Parse(CliResult result, LlmRequest request);

    /// <summary>What an error in the program's plain words means.</summary>
    protected abstract ProviderErrorKind KindOf(string words);

    /// <summary>What to do about an error, after the message; empty for nothing.</summary>
    protected virtual string Advice(ProviderErrorKind kind, string said) => kind switch
    {
        ProviderErrorKind.Authentication => $" ({Program.LogIn})",
        ProviderErrorKind.NotFound => " (check LLM_MODEL)",
        ProviderErrorKind.ContextLength => " (shorten the conversation, or choose a model with a larger context window)",
        _ => "",
    };

    protected virtual LlmReply Reply(CliAnswer answer) => answer.Reply;

    /// <summary>Before it has begun, a program tells its errors in plain words.</summary>
    private ProviderException NoMessage(CliResult result)
    {
        var said = _cli.Environment.Redact(string.IsNullOrWhiteSpace(result.Error) ? result.Output : result.Error).Trim();
        var kind = KindOf(said) is var told and not ProviderErrorKind.Unknown ? told : ProviderErrorKind.MalformedReply;
        var tail = said.Length > MaxTail ? "…" + said[^MaxTail..] : said;
        return new ProviderException(Name, kind, string.Create(CultureInfo.InvariantCulture,
            $"{Name}: {Program.Words} ended with exit code {result.ExitCode} and printed no result{(tail.Length == 0 ? "" : $": {tail}")}{Advice(kind, said)}"));
    }

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
