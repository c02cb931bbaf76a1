using System.Text.RegularExpressions;

namespace LlmGateway.Providers.Simulated.Schemas;

/// <summary>Whether a text matches a schema's pattern, in time that is linear where the pattern allows it and bounded where not.</summary>
internal static class PatternCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <param name="pattern">The pattern.</param>
    /// <param name="text">The text.</param>
    /// <param name="pointer">The place in the answer, for the error.</param>
    /// <returns>Whether it matches; false as well where that takes too long to tell.</returns>
    /// <exception cref="UnfillableSchemaException">The pattern is not a regular expression.</exception>
    public static bool Matches(string pattern, string text, string pointer)
    {
        try
        {
            try
            {
                return Regex.IsMatch(text, pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, Patience);
            }
            catch (NotSupportedException)
            {
                // Look-arounds and back-references need the other engine.
                return Regex.IsMatch(text, pattern, RegexOptions.CultureInvariant, Patience);
            }
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
        catch (ArgumentException e)
        {
            throw new UnfillableSchemaException(pointer, $"The pattern '{pattern}' cannot be read ({e.Message}).");
        }
    }
}
