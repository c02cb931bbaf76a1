using System.Globalization;

namespace ServerBench.Driver;

/// <summary>What the script tells the driver: <c>--name value</c> pairs.</summary>
internal sealed class Options
{
    private readonly Dictionary<string, string> _values = [];

    public Options(string[] args)
    {
        for (var i = 0; i < args.Length; i += 2)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal) || i + 1 == args.Length) throw new ArgumentException($"Not a pair of a name and a value: '{args[i]}'.");
            _values[args[i][2..]] = args[i + 1];
        }
    }

    public string? this[string name] => _values.GetValueOrDefault(name);

    public string Need(string name) => this[name] ?? throw new ArgumentException($"--{name} is missing.");

    public double Number(string name, double otherwise) => this[name] is { } text ? double.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
