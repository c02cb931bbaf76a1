using System.ComponentModel.DataAnnotations;
using LlmGateway.Dialects.Tests.Clients;
using LlmGateway.Dialects.Tests.Laws;

namespace LlmGateway.Dialects.Tests.Conformance;

/// <summary>Typed streams over real sockets, for every dialect and every way in which a schema is put to a model.</summary>
public class TypedStreamTests
{
    private const string Oslo = """{"name":"Oslo","size":3}""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, OutputMode> Ways => [.. All.Names.SelectMany(row => Enum.GetValues<OutputMode>(), (row, mode) => (row.Data, mode))];

    /// <summary>The ways in which an answer comes in pieces: Gemini sends a call's arguments whole.</summary>
    public static TheoryData<string, OutputMode> WaysInPieces => [.. Ways.Where(row => row.Data is not ("gemini", OutputMode.Tool)).Select(row => row.Data)];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Snapshots_grow_to_the_valid_answer(string dialect, OutputMode mode)
    {
        await using var caller = Make(dialect, mode);
        caller.Server.Script = (_, request) => Answer(request, mode, Oslo);

        var deltas = await CollectAsync(caller.Client.StreamAsync<City>("Which city?", cancellationToken: Token));

        var final = Assert.IsType<FinalDelta<City>>(deltas[^1]).Response;
        Assert.Equal((new City("Oslo", 3), mode, true), (final.Content, final.Metadata.OutputMode, final.Metadata.IsStreamed));
        Assert.Equal((10L, 5L), (final.Usage.InputTokens, final.Usage.OutputTokens));
        var snapshots = deltas.SkipLast(1).Select(delta => Assert.IsType<PartialDelta<City>>(delta).Snapshot).ToList();
        Assert.InRange(snapshots.Count, (dialect, mode) is ("gemini", OutputMode.Tool) ? 1 : 5, Oslo.Length);
        Assert.All(snapshots.SkipLast(1), snapshot => Assert.False(snapshot.IsComplete));
        foreach (var (before, after) in snapshots.Zip(snapshots.Skip(1))) Assert.StartsWith(before.ToString()[..^1], after.ToString(), StringComparison.Ordinal);
        Assert.Equal(("Oslo", "3", true), (snapshots[^1]["name"].GetString(), snapshots[^1]["size"].GetRawText(), snapshots[^1].IsComplete));
        Assert.True(Assert.Single(caller.Server.Requests).Stream);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task An_invalid_answer_is_asked_for_again(string dialect, OutputMode mode)
    {
        await using var caller = Make(dialect, mode);
        caller.Server.Script = (number, request) => Answer(request, mode, number == 0 ? """{"name":"Oslo","size":0}""" : Oslo);

        var deltas = await CollectAsync(caller.Client.StreamAsync<City>("Which city?", cancellationToken: Token));

        var final = Assert.IsType<FinalDelta<City>>(deltas[^1]).Response;
        Assert.Equal((new City("Oslo", 3), 1, 20L), (final.Content, final.Metadata.Reasks, final.Usage.InputTokens));
        Assert.Equal([0, 1], deltas.OfType<PartialDelta<City>>().Select(delta => delta.Ask).Distinct());
        Assert.Equal(["0", "3"], deltas.OfType<PartialDelta<City>>().Where(delta => delta.Snapshot.IsComplete).Select(delta => delta.Snapshot["size"].GetRawText()));
        foreach (var body in caller.Server.Bodies) WireRules.Check(dialect, body);
    }

    [Theory]
    [MemberData(nameof(WaysInPieces))]
    public async Task A_stream_that_is_cut_is_truncated_and_has_no_final_answer(string dialect, OutputMode mode)
    {
        await using var caller = Make(dialect, mode, "is-cut");
        caller.Server.Script = (_, request) => Answer(request, mode, Oslo);
        var deltas = new List<StructuredDelta<City>>();

        var error = await Assert.ThrowsAsync<ProviderException>(async () =>
        {
            await foreach (var delta in caller.Client.StreamAsync<City>("Which city?", cancellationToken: Token)) deltas.Add(delta);
        });

        Assert.Equal(ProviderErrorKind.Truncated, error.Kind);
        Assert.Equal(CallOutcome.Failed, error.Record!.Outcome);
        Assert.Contains(deltas, delta => ((PartialDelta<City>)delta).Snapshot["name"].GetString() == "Oslo");
    }

    [Theory]
    [MemberData(nameof(WaysInPieces))]
    public async Task A_snapshot_is_there_while_the_rest_is_not_and_cancelling_lets_the_connection_go(string dialect, OutputMode mode)
    {
        await using var caller = Make(dialect, mode);
        caller.Server.Script = (_, request) => new CodecServer.Hold(Answer(request, mode, Oslo), "Oslo", new TaskCompletionSource().Task);
        using var source = CancellationTokenSource.CreateLinkedTokenSource(Token);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var delta in caller.Client.StreamAsync<City>("Which city?", cancellationToken: source.Token))
            {
                if (((PartialDelta<City>)delta).Snapshot["name"].GetString() == "Oslo") await source.CancelAsync();
            }
        });

        await caller.Server.CallerGone.WaitAsync(TimeSpan.FromSeconds(30), Token);
    }

    [Theory]
    [MemberData(nameof(WaysInPieces))]
    public async Task Items_are_handed_out_while_the_server_holds_the_rest_back(string dialect, OutputMode mode)
    {
        await using var caller = Make(dialect, mode);
        var rest = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        caller.Server.Script = (_, request) => new CodecServer.Hold(Answer(request, mode, """{"value":[{"name":"Oslo","size":3},{"name":"Rome","size":4},{"name":"Bern","size":5}]}"""), """4},{""", rest.Task);
        var stream = caller.Client.StreamItemsAsync<City>("Which cities?", cancellationToken: Token);
        var cities = new List<City>();

        await foreach (var city in stream)
        {
            cities.Add(city);
            if (cities.Count != 2) continue;
            Assert.False(rest.Task.IsCompleted); // Both were handed out before the server wrote the third.
            rest.SetResult();
        }

        Assert.Equal([new("Oslo", 3), new("Rome", 4), new("Bern", 5)], cities);
        Assert.Equal((CallOutcome.Succeeded, 10L), (stream.Record!.Outcome, stream.Record.Usage.InputTokens));
    }

    [Theory]
    [MemberData(nameof(WaysInPieces))]
    public async Task An_invalid_item_lets_the_connection_go(string dialect, OutputMode mode)
    {
        await using var caller = Make(dialect, mode);
        caller.Server.Script = (_, request) => new CodecServer.Hold(Answer(request, mode, """{"value":[{"name":"Oslo","size":3},{"name":"Rome","size":0},{"name":"Bern","size":5}]}"""), """0},{""", new TaskCompletionSource().Task);
        var cities = new List<City>();

        var error = await Assert.ThrowsAsync<ResponseValidationException>(async () =>
        {
            await foreach (var city in caller.Client.StreamItemsAsync<City>("Which cities?", cancellationToken: Token)) cities.Add(city);
        });

        Assert.Equal([new City("Oslo", 3)], cities);
        Assert.Equal("/1/size", Assert.Single(error.Errors).Pointer);
        await caller.Server.CallerGone.WaitAsync(TimeSpan.FromSeconds(30), Token);
        Assert.Single(caller.Server.Requests);
    }

    [Theory]
    [MemberData(nameof(All.Names), MemberType = typeof(All))]
    public async Task What_is_said_before_the_tool_is_called_is_no_part_of_the_answer(string dialect)
    {
        await using var caller = Make(dialect, OutputMode.Tool);
        caller.Server.Script = (_, _) => Reply(new TextPart("""Such as {"name":"Rome"}."""), new ToolCallPart("call_0", "answer", Oslo));

        var deltas = await CollectAsync(caller.Client.StreamAsync<City>("Which city?", cancellationToken: Token));

        Assert.Equal(new City("Oslo", 3), Assert.IsType<FinalDelta<City>>(deltas[^1]).Response.Content);
        Assert.All(deltas.OfType<PartialDelta<City>>(), delta => Assert.DoesNotContain("Rome", delta.Snapshot.ToString(), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("openai", OutputMode.Native)]
    [InlineData("openai_responses", OutputMode.Native)]
    [InlineData("openai", OutputMode.Tool)]
    public async Task Nulls_that_stand_for_absent_members_are_taken_out_of_items_too(string dialect, OutputMode mode)
    {
        await using var caller = new Caller(dialect, "answers", new ModelCapabilities { NativeSchema = mode == OutputMode.Native, ForcedTool = mode == OutputMode.Tool, Tools = true, StrictTools = true, SchemaSubset = SchemaSubset.OpenAIStrict });
        caller.Server.Script = (_, request) => Answer(request, mode, """{"value":[{"name":"Oslo","size":null},{"name":"Rome","size":4}]}""");
        var towns = new List<Town>();

        await foreach (var town in caller.Client.StreamItemsAsync<Town>("Which towns?", cancellationToken: Token)) towns.Add(town);

        Assert.Equal([new("Oslo"), new("Rome", 4)], towns);
    }

    private static Caller Make(string dialect, OutputMode mode, string behaves = "answers")
        => new(dialect, behaves, new ModelCapabilities { NativeSchema = mode == OutputMode.Native, ForcedTool = mode == OutputMode.Tool, Tools = true });

    private static LlmReply Answer(LlmRequest request, OutputMode mode, string json)
    {
        Assert.Equal(mode == OutputMode.Tool, request.Tools.Any(tool => tool.Name == "answer"));
        return mode == OutputMode.Tool ? Reply(new ToolCallPart("call_0", "answer", json)) : Reply(new TextPart(json));
    }

    private static LlmReply Reply(params LlmPart[] parts) => new()
    {
        Id = "r_1",
        Parts = parts,
        FinishReason = parts[^1] is ToolCallPart ? FinishReason.ToolCalls : FinishReason.Stop,
        Usage = new TokenUsage { InputTokens = 10, OutputTokens = 5 },
    };

    private static async Task<List<StructuredDelta<City>>> CollectAsync(IAsyncEnumerable<StructuredDelta<City>> stream)
    {
        var deltas = new List<StructuredDelta<City>>();
        await foreach (var delta in stream) deltas.Add(delta);
        return deltas;
    }

    private sealed record City(string Name, [property: Range(1, 9)] int Size);

    private sealed record Town(string Name, int Size = 7);
}
