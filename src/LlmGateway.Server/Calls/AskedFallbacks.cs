using System.Buffers;
using System.Text.Json;

namespace LlmGateway.Server.Calls;

/// <summary>
/// The other models that a request names for the case that the first can't answer: <c>fallbacks</c>, as LiteLLM and Bifrost take
/// them, or <c>models</c>, as OpenRouter does. They are the gateway's matter, and no vendor sees them.
/// </summary>
internal static class AskedFallbacks
{
    /// <summary>More than anybody needs; each costs a look-up.</summary>
    private const int Most = 16;

    /// <summary>Takes the names out of the request.</summary>
    /// <returns>The model, empty where none is named, and the others.</returns>
    /// <exception cref="BadRequestException">They are not a list of names.</exception>
    public static (string Model, IReadOnlyList<string> Others) Take(ref LlmRequest request)
    {
        if (request.Extensions is not { } bag || !(bag.Members.ContainsKey("fallbacks") || bag.Members.ContainsKey("models"))) return (request.Model, []);
        List<string> others = [];
        foreach (var field in (ReadOnlySpan<string>)["models", "fallbacks"])
            if (bag.Members.TryGetValue(field, out var json)) Read(field, json, others);
        var rest = bag.Members.Where(static member => member.Key is not ("fallbacks" or "models"));
        request = request with { Extensions = rest.Any() ? new LlmExtensions(bag.Dialect, rest) : null };
        var model = request.Model;
        others.RemoveAll(name => name == model);
        return (model, others);
    }

    /// <summary>The body without them.</summary>
    public static ReadOnlyMemory<byte> Without(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body);
        var rest = new ArrayBufferWriter<byte>(body.Length);
        using (var json = new Utf8JsonWriter(rest, Dialects.JsonWrite.Options))
        {
            json.WriteStartObject();
            foreach (var member in document.RootElement.EnumerateObject())
            {
                if (member.NameEquals("fallbacks"u8) || member.NameEquals("models"u8)) continue;
                json.WritePropertyName(member.Name);
                json.WriteRawValue(member.Value.GetRawText(), skipInputValidation: true);
            }

            json.WriteEndObject();
        }

        return rest.WrittenMemory;
    }

    private static void Read(string field, string json, List<string> into)
    {
        using var document = JsonDocument.Parse(json);
        if (document.RootElement.ValueKind == JsonValueKind.Null) return;
        if (document.RootElement.ValueKind != JsonValueKind.Array) throw Wrong(field, "is not a list");
        foreach (var item in document.RootElement.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.String || item.GetString() is not { Length: > 0 } name) throw Wrong($"{field}[{into.Count}]", "is not a model's name");
            if (into.Count == Most) throw Wrong(field, $"names more than {Most} models");
            if (!into.Contains(name)) into.Add(name);
        }
    }

    private static BadRequestException Wrong(string field, string what) => new(ProviderErrorKind.InvalidRequest, $"The field \"{field}\" {what}. It is a list of names of models or routes, tried in order.");
}
