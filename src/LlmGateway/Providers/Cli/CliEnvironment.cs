using System.Collections;
using LlmGateway.Configuration;

namespace LlmGateway.Providers.Cli;

/// <summary>
/// The environment of a program that a provider runs: this process's, without the gateway's own settings, and with the
/// variables of the program's vendor as the configuration has them, <c>.env</c> included. ToString shows no value.
/// </summary>
internal sealed class CliEnvironment
{
    private static readonly StringComparer NameComparer = OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;
    private static readonly string[] SecretWords = ["KEY", "TOKEN", "SECRET", "PASSWORD", "PASSPHRASE", "CUSTOM_HEADERS"];

    /// <summary>Shorter values are no secrets, and hiding them would garble every message.</summary>
    private const int ShortestSecret = 6;

    private readonly Dictionary<string, string> _variables = new(NameComparer);

    /// <param name="variables">The configuration's variables.</param>
    /// <param name="vendorPrefixes">How the names of the vendor's own variables begin.</param>
    /// <param name="isStripped">Which names the program must not see.</param>
    public CliEnvironment(VariableSet variables, IReadOnlyList<string> vendorPrefixes, Func<string, bool> isStripped)
    {
        foreach (DictionaryEntry entry in System.Environment.GetEnvironmentVariables())
        {
            var name = (string)entry.Key;
            var isOthers = name.StartsWith(ConfigVariable.Prefix, StringComparison.Ordinal) || vendorPrefixes.Any(p => name.StartsWith(p, StringComparison.Ordinal));
            if (!isOthers && !isStripped(name)) _variables[name] = (string?)entry.Value ?? "";
        }

        foreach (var prefix in vendorPrefixes)
        {
            foreach (var (name, variable) in variables.StartingWith(prefix))
            {
                if (!isStripped(name)) _variables[name] = variable.Value;
            }
        }
    }

    public IReadOnlyDictionary<string, string> Variables => _variables;

    public CliEnvironment Set(string name, string value)
    {
        _variables[name] = value;
        return this;
    }

    /// <summary>All variables, and those of one run over them.</summary>
    public IReadOnlyDictionary<string, string> With(IReadOnlyDictionary<string, string> more)
    {
        if (more.Count == 0) return _variables;
        var all = new Dictionary<string, string>(_variables, NameComparer);
        foreach (var (name, value) in more) all[name] = value;
        return all;
    }

    public string? Find(string name) => Has(name) ? _variables[name] : null;

    public bool Has(string name) => _variables.TryGetValue(name, out var value) && !string.IsNullOrWhiteSpace(value);

    /// <summary>Programs quote keys in their error texts.</summary>
    public string Redact(string text)
    {
        foreach (var (name, value) in _variables)
        {
            if (value.Length < ShortestSecret || !SecretWords.Any(w => name.Contains(w, StringComparison.OrdinalIgnoreCase))) continue;
            text = text.Replace(value, "***", StringComparison.Ordinal);
        }

        return text;
    }

    public override string ToString() => $"CliEnvironment {{ {_variables.Count} variables }}";
}
