using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace LlmGateway.Routing.Configuration;

/// <summary>
/// A value of <c>IConfiguration</c>, where all is text, a list is an object of numbers, and names have no case: a field may be
/// written <c>base_url</c> or <c>BaseUrl</c>. What is empty counts as unset.
/// </summary>
internal sealed class SectionSetting(IConfigurationSection section, string path) : SettingNode(path)
{
    private readonly List<IConfigurationSection> _parts = [.. section.GetChildren().Where(IsSet)];

    /// <summary>What has a value and parts is neither, and so an error.</summary>
    public override bool IsObject => _parts.Count > 0 && string.IsNullOrWhiteSpace(section.Value);

    public override bool IsList => IsObject && _parts.All(part => int.TryParse(part.Key, NumberStyles.None, CultureInfo.InvariantCulture, out _));

    public override string? Text => _parts.Count == 0 ? section.Value : null;

    public override double? Number => double.TryParse(Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;

    public override bool? Flag => bool.TryParse(Text, out var flag) ? flag : null;

    public override IEnumerable<KeyValuePair<string, SettingNode>> Members => _parts.Select(part => KeyValuePair.Create(part.Key, (SettingNode)new SectionSetting(part, PathOf(part.Key))));

    public override IEnumerable<SettingNode> Items => _parts.Select((part, i) => new SectionSetting(part, $"{Path}[{i}]"));

    public static bool IsSet(IConfigurationSection section) => !string.IsNullOrWhiteSpace(section.Value) || section.GetChildren().Any(IsSet);

    public override SettingNode At(string path) => new SectionSetting(section, path);

    protected override bool IsField(string member, string field) => string.Equals(Plain(member), Plain(field), StringComparison.OrdinalIgnoreCase);

    private static string Plain(string name) => name.Replace("_", "", StringComparison.Ordinal);
}
