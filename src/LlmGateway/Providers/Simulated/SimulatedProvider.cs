using System.Runtime.CompilerServices;
using LlmGateway.Messages;
using LlmGateway.Providers.Simulated;

namespace LlmGateway;

/// <summary>
/// A provider that calls no model: it answers in this process, at once, without a key or a network, and the same request
/// always gives the same bytes. For trying things out, for tests, and for showing how the rest of a program behaves.
/// </summary>
/// <remarks>
/// <para>
/// Asked for a schema, it fills it with valid values: those that the prompt's text plainly holds (labelled values,
/// dates, amounts, e-mail addresses, names, table rows, lists) where a member's type and name fit, and made-up ones elsewhere.
/// Optional and nullable members that the text says nothing about are left out or null. Asked for a tool, it calls it with
/// arguments made the same way. Otherwise it says that it is simulated. It understands nothing, so its answers are
/// worth nothing as facts; every reply's model is <c>simulated</c>, whatever model was asked for.
/// </para>
/// <para>
/// Its token counts are what the simulation defines, one for each 4 characters, and so not marked as estimates.
/// <see cref="LlmRequest.MaxTokens"/> cuts the answer as a model's limit would; <see cref="LlmRequest.Temperature"/> changes nothing.
/// The first 100,000 characters of the conversation are searched for values.
/// </para>
/// </remarks>
public sealed class SimulatedProvider : ILlmProvider
{
    internal const string ProviderName = "simulated";

    private static readonly ModelCapabilities Capabilities = new() { NativeSchema = true, ForcedTool = true };

    private readonly SimulatedOptions _options;
    private int _calls;

    /// <summary>A simulated provider.</summary>
    /// <param name="options">How it behaves; null for the defaults.</param>
    public SimulatedProvider(SimulatedOptions? options = null) => _options = options ?? new SimulatedOptions();

    /// <inheritdoc/>
    public string Name => ProviderName;

    /// <inheritdoc/>
    public string DefaultModel => ProviderName;

    /// <inheritdoc/>
    public ProviderBilling Billing => ProviderBilling.Free;

    /// <inheritdoc/>
    public ModelCapabilities GetCapabilities(string model) => Capabilities;

    /// <summary>Answers after the set latency, or fails as <see cref="SimulatedOptions.Fault"/> says.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="cancellationToken">Ends the wait and the work.</param>
    /// <returns>The answer.</returns>
    /// <exception cref="ProviderException">The options ask for a failure; or the answer's limit is less than a token; or no value can satisfy the schema, or none that
    /// the simulation knows to make (<see cref="ProviderErrorKind.InvalidRequest"/>, naming the place in the answer).</exception>
    public async Task<LlmReply> CompleteAsync(LlmRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        cancellationToken.ThrowIfCancellationRequested();
        var call = Interlocked.Increment(ref _calls);
        if (_options.Latency > TimeSpan.Zero)
        {
            await Task.Delay(_options.Latency, _options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }

        if (_options.Fault?.Invoke(call, request) is { } fault) throw fault;

        var reply = SimulatedAnswer.To(request, cancellationToken);
        return reply with
        {
            Usage = reply.Usage! with
            {
                InputTokens = _options.InputTokens ?? reply.Usage.InputTokens,
                OutputTokens = _options.OutputTokens ?? reply.Usage.OutputTokens,
            },
        };
    }

    /// <summary>The same answer word by word.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="cancellationToken">Ends the wait and the work.</param>
    /// <returns>The pieces.</returns>
    /// <exception cref="ProviderException">As with <see cref="CompleteAsync"/>.</exception>
    public async IAsyncEnumerable<LlmDelta> StreamAsync(LlmRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var reply = await CompleteAsync(request with { Stream = false }, cancellationToken).ConfigureAwait(false);
        foreach (var delta in ReplyDeltas.Of(reply))
        {
            if (delta is not TextDelta text)
            {
                yield return delta;
                continue;
            }

            for (var start = 0; start < text.Text.Length;)
            {
                var space = text.Text.IndexOf(' ', start);
                var end = space < 0 ? text.Text.Length : space + 1;
                yield return text with { Text = text.Text[start..end] };
                start = end;
            }
        }
    }

    /// <summary>Nothing to release.</summary>
    /// <returns>A finished task.</returns>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
