using System.Text.RegularExpressions;

namespace LlmGateway.Providers.Simulated.Facts;

/// <summary>Who writes to whom in a letter: the salutation and the signature.</summary>
internal sealed partial class PromptFacts
{
    private const int SignatureLines = 4;

    private static readonly Word[] Recipient = Words.Of("recipient");
    private static readonly Word[] Sender = Words.Of("sender");

    private void AddLetter(string[] lines, int i)
    {
        if (Salutation().Match(lines[i]) is { Success: true } salutation)
        {
            _facts.Add(new Fact(FactKind.Name, salutation.Groups[1].Value) { Context = Recipient });
        }

        if (!Closing().IsMatch(lines[i])) return;
        var below = lines.AsSpan(i + 1, Math.Min(SignatureLines, lines.Length - i - 1)).ToArray();
        var signature = Array.Find(below, line => !string.IsNullOrWhiteSpace(line))?.Trim();
        if (signature is { Length: < 60 } && char.IsUpper(signature[0])) _facts.Add(new Fact(FactKind.Name, signature) { Context = Sender });
    }

    [GeneratedRegex(@"^\s*(?:Dear|Hi|Hello)\s+(\p{Lu}[\p{L} .'’&-]{0,60}?)\s*[,!:]?\s*$")]
    private static partial Regex Salutation();

    [GeneratedRegex(@"^\s*(?:(?:Kind|Best|Warm)\s+)?(?:regards|wishes|Sincerely|Yours(?:\s+\w+)?|Cheers|Best|Thanks|Thank you)\s*[,.!]?\s*$", RegexOptions.IgnoreCase)]
    private static partial Regex Closing();
}
