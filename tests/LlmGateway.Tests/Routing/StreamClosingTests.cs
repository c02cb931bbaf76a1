using System.Runtime.CompilerServices;
using LlmGateway.Tests.Fakes;

namespace LlmGateway.Tests.Routing;

public sealed class StreamClosingTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_stream_that_cannot_be_closed_is_no_error_of_the_callers()
    {
        var ledger = new FakeLedger();
        var (client, log) = Make(new Stubborn(), ledger);

        await foreach (var delta in client.StreamAsync("hi", cancellationToken: Token))
            if (delta is TextDelta) break;

        var record = Assert.Single(ledger.Records);
        Assert.Equal((CallOutcome.Cancelled, CallOutcome.Cancelled), (record.Outcome, Assert.Single(record.Attempts).Outcome));
        Assert.Equal((1, 0), (log.Count(20), client.Routes.Of("fake-1").First.UnderWay));
    }

    private static (LlmClient Client, LogSink Log) Make(ILlmProvider provider, FakeLedger ledger)
    {
        var log = new LogSink();
        return (new LlmClient(provider, null, new LlmClientOptions { Ledger = ledger, Services = new ProviderServices { LoggerFactory = log } }), log);
    }

    /// <summary>Throws when it is closed.</summary>
    private sealed class Stubborn : ILlmProvider
    {
        public string Name => "fake";

        public string DefaultModel => "fake-1";

        public Task<LlmReply> CompleteAsync(LlmRequest request, CancellationToken cancellationToken) => throw new InvalidOperationException("Not asked to stream.");

        public async IAsyncEnumerable<LlmDelta> StreamAsync(LlmRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            try
            {
                await Task.Yield();
                yield return new TextDelta(0, "Hello");
                yield return new FinishDelta(FinishReason.Stop, null);
            }
            finally
            {
                Close();
            }
        }

        public ValueTask DisposeAsync() => default;

        private static void Close() => throw new InvalidOperationException("It can't be closed.");
    }
}
