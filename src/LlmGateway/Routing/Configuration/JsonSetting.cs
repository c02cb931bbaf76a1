using System.Text.Json;

namespace LlmGateway.Routing.Configuration;

/// <summary>A value of a JSON file. A number is not taken for a text, nor a text for a number.</summary>
internal sealed class JsonSetting(JsonElement json, string path) : SettingNode(path)
{
    public override bool IsObject => json.ValueKind == JsonValueKind.Object;

    public override bool IsList => json.ValueKind == JsonValueKind.Array;

    public override string? Text => json.ValueKind == JsonValueKind.String ? json.GetString() : null;

    public override double? Number => json.ValueKind == JsonValueKind.Number && json.TryGetDouble(out var number) && double.IsFinite(number) ? number : null;

    public override bool? Flag => json.ValueKind is JsonValueKind.True or JsonValueKind.False ? json.GetBoolean() : null;

    public override IEnumerable<KeyValuePair<string, SettingNode>> Members
        => json.EnumerateObject().Select(member => KeyValuePair.Create(member.Name, (SettingNode)new JsonSetting(member.Value, PathOf(member.Name))));

    public override IEnumerable<SettingNode> Items => json.EnumerateArray().Select((item, i) => new JsonSetting(item, $"{Path}[{i}]"));

    public override SettingNode At(string path) => new JsonSetting(json, path);

    protected override bool IsField(string member, string field) => member == field;
}
