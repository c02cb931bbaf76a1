using System.Text.RegularExpressions;

namespace LlmGateway.Providers.Simulated.Schemas;

/// <summary>Whether a text matches a schema's pattern, in time that is linear where the pattern allows it and bounded where not.</summary>
internal static class PatternCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public static bool Matches(string pattern, string text)
    {
        try
        {
            return Regex.IsMatch(text, pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, Patience);
        }
        catch (NotSupportedException)
        {
            // Look-arounds and back-references need the other engine.
        }
        catch (ArgumentException e)
        {
            throw new UnfillableSchemaException("", $"The pattern '{pattern}' cannot be read ({e.Message}).");
        }

        try
        {
            return Regex.IsMatch(text, pattern, RegexOptions.CultureInvariant, Patience);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }
}
