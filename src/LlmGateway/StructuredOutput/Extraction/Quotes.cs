namespace LlmGateway.StructuredOutput.Extraction;

/// <summary>The marks that models put around strings, besides JSON's own.</summary>
internal static class Quotes
{
    private const string DoubleClosers = "”“‟";
    private const string SingleClosers = "’‘‛";

    /// <summary>Whether the mark opens a string, and is not JSON's own.</summary>
    public static bool IsOpening(char c) => c is '\'' or '“' or '”' or '„' or '‟' or '‘' or '’' or '‚' or '‛';

    /// <summary>The marks that close what <paramref name="opening"/> opens.</summary>
    public static string ClosersOf(char opening) => opening switch
    {
        '\'' => "'",
        _ when IsDouble(opening) => DoubleClosers,
        _ => SingleClosers,
    };

    /// <summary>Whether the mark is a double one, and not JSON's own.</summary>
    public static bool IsDouble(char c) => c is '“' or '”' or '„' or '‟';

    /// <summary>Whether the mark is one that only ever opens.</summary>
    public static bool OnlyOpens(char c) => c is '„' or '‚';

    /// <summary>Whether the mark is also an apostrophe.</summary>
    public static bool IsApostrophe(char c) => c is '\'' or '’' or '‘' or '‛';
}
