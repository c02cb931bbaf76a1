using System.Text.RegularExpressions;

namespace LlmGateway.StructuredOutput.Validation;

/// <summary>
/// A pattern of a schema, for texts in UTF-8. As a table of states where it is of that kind, else on .NET's engine that does
/// not backtrack where that can run it: no text takes more than linear time. What is left, look-around and references
/// back, has a limit on its time.
/// </summary>
internal sealed class SchemaPattern
{
    private const RegexOptions Common = RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    /// <summary>The engine that does not backtrack writes repetitions out.</summary>
    private const int MaxExpanded = 5_000;

    private const int OnStack = 256;

    private readonly PatternAutomaton? _automaton;
    private readonly Regex? _regex;
    private readonly Lazy<Regex>? _withHalfPairs;

    private SchemaPattern(string source, PatternNode root, bool asTable, TimeSpan timeout)
    {
        Source = source;
        if (asTable && PatternAutomatonBuilder.Build(root) is { } automaton)
        {
            _automaton = automaton;
            return;
        }

        _regex = Make(PatternWriter.Write(root, withHalfPairs: false), Expanded(root) <= MaxExpanded, timeout);
        _withHalfPairs = new Lazy<Regex>(() => Make(PatternWriter.Write(root, withHalfPairs: true), canBeLinear: false, timeout));
    }

    /// <summary>As the schema has it.</summary>
    public string Source { get; }

    /// <summary>Whether a short text may take long.</summary>
    public bool MayBacktrack => _regex is not null && (_regex.Options & RegexOptions.NonBacktracking) == 0;

    /// <summary>Whether it is a table, which takes no time worth measuring.</summary>
    public bool IsTable => _automaton is not null;

    /// <param name="source">The pattern.</param>
    /// <param name="timeout">For one match, where it has to be limited.</param>
    /// <param name="asTable">Whether it may become a table of states.</param>
    /// <exception cref="PatternException">It is no pattern, or none that can be run faithfully.</exception>
    public static SchemaPattern Compile(string source, TimeSpan timeout, bool asTable = true) => new(source, PatternParser.Parse(source), asTable, timeout);

    /// <summary>Whether a text matches; null where that takes too long to tell.</summary>
    public bool? TryMatch(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return IsMatch(utf8);
        }
        catch (RegexMatchTimeoutException)
        {
            return null;
        }
    }

    /// <exception cref="RegexMatchTimeoutException">It takes too long.</exception>
    public bool IsMatch(ReadOnlySpan<byte> utf8)
    {
        if (_automaton is not null) return _automaton.IsMatch(utf8);
        var chars = utf8.Length <= OnStack ? stackalloc char[OnStack] : new char[utf8.Length];
        var regex = JsonText.HasHalfPair(utf8) ? _withHalfPairs!.Value : _regex!;
        return regex.IsMatch(chars[..JsonText.Decode(utf8, chars)]);
    }

    private static Regex Make(string pattern, bool canBeLinear, TimeSpan timeout)
    {
        try
        {
            if (canBeLinear) return new Regex(pattern, Common | RegexOptions.NonBacktracking, timeout);
        }
        catch (NotSupportedException)
        {
            // Look-around and references back need the other engine.
        }

        return new Regex(pattern, Common, timeout);
    }

    private static long Expanded(PatternNode node) => node switch
    {
        PatternNode.Sequence sequence => sequence.Parts.Sum(Expanded),
        PatternNode.Choice choice => choice.Branches.Sum(Expanded),
        PatternNode.Capture capture => Expanded(capture.Part),
        PatternNode.Look look => Expanded(look.Part),
        PatternNode.Repeat repeat => Math.Min(1_000_000_000, Expanded(repeat.Part) * Math.Max(1, repeat.Max ?? repeat.Min)),
        _ => 1,
    };
}
