using System.Diagnostics.CodeAnalysis;

namespace LlmGateway.Routing.Configuration;

/// <summary>
/// Targets as text: <c>vendor/model</c>, and <c>#VARIABLE</c> behind it where a variable of its own holds the key. The first
/// slash parts vendor and model, which may hold slashes and colons itself; without a model it is the vendor's default.
/// </summary>
internal static class TargetText
{
    public const string Allowed = "a list of vendor/model, with #VARIABLE behind it where another variable than the vendor's usual one holds the key, such as openai/gpt-5.5,anthropic/claude-sonnet-5#SECOND_KEY";

    public static bool TryReadList(string text, out IReadOnlyList<RouteTarget> targets)
    {
        List<RouteTarget> read = [];
        targets = read;
        foreach (var item in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!TryRead(item, out var target)) return false;
            read.Add(target);
        }

        return true;
    }

    public static bool TryRead(string text, [NotNullWhen(true)] out RouteTarget? target)
    {
        target = null;
        var parts = text.Split('/', 2);
        if (parts.Length != 2) return false;
        var mark = parts[1].LastIndexOf('#');
        target = new RouteTarget
        {
            Vendor = parts[0],
            Model = mark < 0 ? parts[1] : parts[1][..mark],
            KeyVariable = mark < 0 ? null : parts[1][(mark + 1)..],
        };
        return TargetRules.IsVendor(target.Vendor) && TargetRules.IsModel(target.Model) && (target.KeyVariable is null || TargetRules.IsVariable(target.KeyVariable));
    }

    public static string? Write(IReadOnlyList<RouteTarget> targets) => targets.Count == 0 ? null : string.Join(",", targets);
}
