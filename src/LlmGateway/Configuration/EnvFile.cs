using System.Text;

namespace LlmGateway.Configuration;

/// <summary>Reads a <c>.env</c> file: <c>NAME=value</c> lines, <c>export</c>, comments, single and double quotes.</summary>
internal static class EnvFile
{
    private const string FileName = ".env";

    /// <summary>The <c>.env</c> of the folder or of its nearest parent that has one; null where none has.</summary>
    public static string? Find(string folder)
    {
        for (var at = new DirectoryInfo(Path.GetFullPath(folder)); at is not null; at = at.Parent)
        {
            var path = Path.Combine(at.FullName, FileName);
            if (File.Exists(path)) return path;
        }

        return null;
    }

    public static EnvFileContent Read(string path)
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ProviderInitException($"The file {path} cannot be read: {e.Message} Make it readable, or move it away.", innerException: e);
        }

        return Parse(text, path);
    }

    /// <summary>
    /// Lines that are not assignments are passed over with a warning that gives the line's number and not its text,
    /// which may be half of a secret: the file is often shared with other programs.
    /// </summary>
    public static EnvFileContent Parse(string text, string path)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var warnings = new List<string>();
        var position = 0;
        var line = 0;
        text = text.TrimStart('\uFEFF');

        while (position < text.Length)
        {
            line++;
            var end = EndOfLine(text, position);
            var current = text.AsSpan(position, end - position).Trim();
            if (current.IsEmpty || current[0] == '#')
            {
                position = AfterLineBreak(text, end);
                continue;
            }

            if (current.StartsWith("export ", StringComparison.Ordinal) || current.StartsWith("export\t", StringComparison.Ordinal)) current = current[7..].TrimStart();
            var equals = current.IndexOf('=');
            var name = equals < 0 ? default : current[..equals].TrimEnd();
            if (!IsName(name))
            {
                warnings.Add($"{path}, line {line}: not of the form NAME=value; passed over.");
                position = AfterLineBreak(text, end);
                continue;
            }

            var rest = current[(equals + 1)..].TrimStart();
            if (!rest.IsEmpty && rest[0] is '"' or '\'')
            {
                // A quoted value may span lines, so it is read from the whole text.
                var start = text.IndexOf(rest[0], text.IndexOf('=', position)) + 1;
                if (ReadQuoted(text, start, out var value) is not { } after)
                {
                    warnings.Add($"{path}, line {line}: the value of {name} opens a quote that is never closed; passed over.");
                }
                else if (!IsBlankOrComment(text.AsSpan(after, EndOfLine(text, after) - after)))
                {
                    // The quote that closed it was meant for something else, perhaps lines further on.
                    warnings.Add($"{path}, line {line}: more follows the closing quote of {name}; passed over.");
                }
                else
                {
                    values[name.ToString()] = value;
                    line += text.AsSpan(start, after - start).Count('\n');
                    position = AfterLineBreak(text, EndOfLine(text, after));
                    continue;
                }
            }
            else
            {
                values[name.ToString()] = StripComment(rest).ToString();
            }

            position = AfterLineBreak(text, end);
        }

        return new EnvFileContent(path, values, warnings);
    }

    /// <summary>Reads up to the closing quote; single quotes are literal, double quotes know the usual escapes. Null where none closes.</summary>
    private static int? ReadQuoted(string text, int start, out string value)
    {
        var quote = text[start - 1];
        var result = new StringBuilder();
        for (var i = start; i < text.Length; i++)
        {
            var c = text[i];
            if (c == quote)
            {
                value = result.ToString();
                return i + 1;
            }

            if (c == '\\' && quote == '"' && i + 1 < text.Length)
            {
                i++;
                result.Append(text[i] switch
                {
                    'n' => "\n",
                    'r' => "\r",
                    't' => "\t",
                    '\\' or '"' or '$' => text[i].ToString(),
                    var other => $"\\{other}",
                });
                continue;
            }

            result.Append(c);
        }

        value = "";
        return null;
    }

    private static bool IsBlankOrComment(ReadOnlySpan<char> text) => text.Trim() is [] or ['#', ..];

    /// <summary>A comment begins at a <c>#</c> after white space, so that <c>pass#word</c> stays whole.</summary>
    private static ReadOnlySpan<char> StripComment(ReadOnlySpan<char> value)
    {
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] == '#' && (i == 0 || char.IsWhiteSpace(value[i - 1]))) return value[..i].TrimEnd();
        }

        return value.TrimEnd();
    }

    private static bool IsName(ReadOnlySpan<char> name)
    {
        if (name.IsEmpty || char.IsAsciiDigit(name[0])) return false;
        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '.')) return false;
        }

        return true;
    }

    private static int EndOfLine(string text, int position)
    {
        var end = text.AsSpan(position).IndexOfAny('\r', '\n');
        return end < 0 ? text.Length : position + end;
    }

    private static int AfterLineBreak(string text, int end)
    {
        if (end >= text.Length) return end;
        return text[end] == '\r' && end + 1 < text.Length && text[end + 1] == '\n' ? end + 2 : end + 1;
    }
}

internal sealed record EnvFileContent(string Path, IReadOnlyDictionary<string, string> Values, IReadOnlyList<string> Warnings);
