using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using LlmGateway;

// Each line says what must hold under Native AOT; the exit code counts those that do not.
var failures = 0;

await using (var llm = new LlmClient(new ScriptedProvider("""{"vendor":"Acme","total":12.5,"lines":["a","b"],"notes":[null]}""")))
{
    var response = await llm.CompleteAsync("Read it.", AppJson.Default.Invoice);
    Check("a typed answer", response.Content is { Vendor: "Acme", Total: 12.5m, Lines: ["a", "b"] });
    Check("a null in a list that allows it", response.Content.Notes is [null]);
}

await using (var llm = new LlmClient(new ScriptedProvider("""{"value":[{"vendor":"Acme","total":12.5,"lines":["a","b"],"notes":[null]}]}""")))
{
    var items = llm.StreamItemsAsync("Read them.", AppJson.Default.Invoice);
    var vendors = "";
    await foreach (var invoice in items) vendors += invoice.Vendor;
    Check("items of a list that the context does not have", vendors == "Acme" && items.Record is { Outcome: CallOutcome.Succeeded });
}

await using (var llm = new LlmClient(new ScriptedProvider("""{"vendor":"Acme","total":12.5,"lines":["a","b"],"notes":[null]}""")))
{
    StructuredDelta<Invoice>? last = null;
    await foreach (var delta in llm.StreamAsync("Read it.", AppJson.Default.Invoice)) last = delta is PartialDelta<Invoice> { Snapshot: var snapshot } && snapshot["vendor"].GetString() != "Acme" ? null : delta;
    Check("a typed answer that is streamed", last is FinalDelta<Invoice> { Response.Content.Total: 12.5m });
}

await Refuses("a null in a list of non-null items", """{"vendor":"Acme","total":1,"lines":[null],"notes":[]}""", "/lines/0");
await Refuses("a missing member", """{"total":1,"lines":[],"notes":[]}""", "/vendor");
await Refuses("an attribute on a record's parameter", """{"vendor":"Acme","total":-1,"lines":[],"notes":[]}""", "/total");
await Refuses("an unknown member", """{"vendor":"Acme","total":1,"lines":[],"notes":[],"x":1}""", "/x");

return failures;

async Task Refuses(string what, string answer, string pointer)
{
    await using var llm = new LlmClient(new ScriptedProvider(answer), new GatewayConfig { MaxReasks = 0 });
    try
    {
        await llm.CompleteAsync("Read it.", AppJson.Default.Invoice);
        Check($"refuses {what}", false);
    }
    catch (ResponseValidationException e)
    {
        Check($"refuses {what}", e.Errors is [{ Pointer: var at }] && at == pointer);
    }
}

void Check(string what, bool holds)
{
    Console.WriteLine($"{(holds ? "ok    " : "FAILED")} {what}");
    if (!holds) failures++;
}

internal sealed record Invoice(string Vendor, [Range(0, 1000)] decimal Total, List<string> Lines, List<string?> Notes);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Invoice))]
internal sealed partial class AppJson : JsonSerializerContext;

internal sealed class ScriptedProvider(string answer) : ILlmProvider
{
    public string Name => "scripted";

    public string DefaultModel => "scripted-1";

    public Task<LlmReply> CompleteAsync(LlmRequest request, CancellationToken cancellationToken) => Task.FromResult(new LlmReply(answer));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
