using System.Text.Json;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;

namespace LlmGateway.Tests.Providers.Simulated;

/// <summary>Asks the simulated provider the way the client does: a schema made from a record, the answer read strictly.</summary>
internal static class Asking
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerOptions.Strict)
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter() },
    };

    public static async Task<T> For<T>(string prompt)
    {
        var schema = Options.GetJsonSchemaAsNode(typeof(T), new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true });
        var text = await Json(JsonSerializer.SerializeToElement(schema), prompt, typeof(T).Name, typeof(T));
        return JsonSerializer.Deserialize<T>(text, Options)!;
    }

    public static async Task<JsonElement> Value([System.Diagnostics.CodeAnalysis.StringSyntax("json")] string schema, string prompt = "") =>
        JsonElement.Parse(await Json(JsonElement.Parse(schema), prompt, "Answer", null));

    public static async Task<string> Json(JsonElement schema, string prompt, string name = "Answer", Type? type = null)
    {
        await using var provider = new SimulatedProvider();
        var reply = await provider.CompleteAsync(
            new LlmRequest
            {
                Model = provider.DefaultModel,
                Messages = [LlmMessage.System("Extract what is asked for."), LlmMessage.User(prompt)],
                OutputSchema = new OutputSchema(name, schema, OutputMode.Native),
                OutputType = type,
            },
            TestContext.Current.CancellationToken);
        return reply.Text;
    }
}
