using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace LlmGateway.Routing.Configuration;

/// <summary>
/// A value of <c>IConfiguration</c>, where all is text, a list is an object of numbers, and names have no case: a field may be
/// written <c>base_url</c> or <c>BaseUrl</c>, and a policy <c>round_robin</c> or <c>RoundRobin</c>. What is empty counts as unset.
/// </summary>
internal sealed class SectionSetting(IConfigurationSection section, string path) : SettingNode(path)
{
    private readonly List<IConfigurationSection> _parts = [.. section.GetChildren().Where(IsSet)];

    /// <summary>What has a value and parts is neither, and so an error.</summary>
    public override bool IsObject => string.IsNullOrWhiteSpace(section.Value) && section.GetChildren().Any();

    public override bool IsList => IsObject && _parts.Count > 0 && _parts.All(part => int.TryParse(part.Key, NumberStyles.None, CultureInfo.InvariantCulture, out _));

    public override string? Text => string.IsNullOrWhiteSpace(section.Value) || section.GetChildren().Any() ? null : section.Value;

    public override double? Number => double.TryParse(Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;

    public override bool? Flag => bool.TryParse(Text, out var flag) ? flag : null;

    public override IEnumerable<KeyValuePair<string, SettingNode>> Members => _parts.Select(part => KeyValuePair.Create(part.Key, (SettingNode)new SectionSetting(part, PathOf(part.Key))));

    public override IEnumerable<SettingNode> Items => _parts.Select((part, i) => new SectionSetting(part, $"{Path}[{i}]"));

    public static bool IsSet(IConfigurationSection section) => !string.IsNullOrWhiteSpace(section.Value) || section.GetChildren().Any();

    public override SettingNode At(string path) => new SectionSetting(section, path);

    public override bool IsName(string written, string name) => string.Equals(Plain(written), Plain(name), StringComparison.OrdinalIgnoreCase);

    private static string Plain(string name) => name.Replace("_", "", StringComparison.Ordinal);
}
