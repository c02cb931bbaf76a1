using System.Collections;
using LlmGateway.Routing.Configuration;
using Microsoft.Extensions.Configuration;

namespace LlmGateway.Configuration;

/// <summary>
/// The variables that a configuration is read from, each with its source. Later sources win; an empty value counts as
/// unset, and hides what an earlier source said. Immutable.
/// </summary>
internal sealed class VariableSet
{
    private readonly IReadOnlyDictionary<string, Variable> _variables;

    private VariableSet(IReadOnlyDictionary<string, Variable> variables, IReadOnlyList<string> warnings)
    {
        _variables = variables;
        Warnings = warnings;
    }

    /// <summary>The process's environment, read when asked, for a configuration that was written in code.</summary>
    public static VariableSet OfProcess { get; } = new(new Dictionary<string, Variable>(), []) { ReadsProcess = true };

    public IReadOnlyList<string> Warnings { get; }

    /// <summary>The routes of a section, which no variable can hold.</summary>
    public IReadOnlyList<RouteConfig> Routes { get; private init; } = [];

    public IEnumerable<string> Names => _variables.Keys;

    /// <summary>Whether no setting was read from these variables.</summary>
    public bool ReadsProcess { get; private init; }

    public static VariableSet Load(string folder)
        => Merge(EnvFile.Find(folder) is { } path ? EnvFile.Read(path) : null, Environment.GetEnvironmentVariables());

    public static VariableSet Merge(EnvFileContent? file, IDictionary environment)
    {
        var variables = new Dictionary<string, Variable>(StringComparer.Ordinal);
        foreach (var (name, value) in file?.Values ?? new Dictionary<string, string>())
        {
            variables[name] = new Variable(value, file!.Path);
        }

        foreach (DictionaryEntry entry in environment)
        {
            variables[(string)entry.Key] = new Variable((string?)entry.Value ?? "", "environment");
        }

        return new VariableSet(variables, file?.Warnings ?? []);
    }

    /// <summary>The same with a section of configuration on top; its keys are property names or variable names.</summary>
    /// <exception cref="ProviderInitException">A route of it is wrong.</exception>
    public VariableSet With(IConfiguration section)
    {
        var variables = new Dictionary<string, Variable>(_variables, StringComparer.Ordinal);
        foreach (var variable in ConfigVariable.All)
        {
            if ((section[variable.Key] ?? section[variable.Name]) is { } value) variables[variable.Name] = new Variable(value, "configuration");
        }

        var unknown = section.GetChildren()
            .Where(c => c.Value is not null && !Same(c.Key, nameof(GatewayConfig.Routes)) && !ConfigVariable.All.Any(v => Same(v.Key, c.Key) || Same(v.Name, c.Key)))
            .Select(c => c.Key)
            .Where(k => section is IConfigurationSection || k.StartsWith(ConfigVariable.Prefix, StringComparison.OrdinalIgnoreCase))
            .Where(k => !ConfigVariable.AlsoKnown.Contains(k) && !_variables.ContainsKey(k)) // The reader warns of a variable already.
            .Select(k => $"The configuration key '{k}' is not one of the gateway's{NearestName.Hint(k, ConfigVariable.All.SelectMany(v => new[] { v.Key, v.Name }))}.");
        return new VariableSet(variables, [.. Warnings, .. unknown]) { Routes = RouteSection.Read(section.GetSection(nameof(GatewayConfig.Routes))) };

        static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>A variable's value and source; null where it is unset or empty.</summary>
    public Variable? Find(string name)
    {
        if (ReadsProcess)
        {
            var value = Environment.GetEnvironmentVariable(name);
            return string.IsNullOrWhiteSpace(value) ? null : new Variable(value, "environment");
        }

        return _variables.TryGetValue(name, out var variable) && !string.IsNullOrWhiteSpace(variable.Value) ? variable : null;
    }

    /// <summary>The variables whose names begin so and that are set.</summary>
    public IEnumerable<(string Name, Variable Variable)> StartingWith(string prefix)
    {
        var names = ReadsProcess ? Environment.GetEnvironmentVariables().Keys.Cast<string>() : Names;
        foreach (var name in names)
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal) && Find(name) is { } variable) yield return (name, variable);
        }
    }

    /// <summary>The first of several variables that is set.</summary>
    public (string Name, Variable Variable)? FindFirst(IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            if (Find(name) is { } variable) return (name, variable);
        }

        return null;
    }
}

/// <summary>A variable's text, and where it came from.</summary>
internal sealed record Variable(string Value, string Source)
{
    /// <summary>Not the value, which may be a secret.</summary>
    public override string ToString() => $"(from {Source})";
}
