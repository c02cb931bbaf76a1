using System.Collections;
using System.Globalization;
using System.Text;

namespace LlmGateway.Exporting;

/// <summary>Builds one line for people: words, and after them the tags as <c>name=value</c>.</summary>
internal sealed class TextLine
{
    private readonly StringBuilder _text = new();

    public TextLine Add(string word)
    {
        if (_text.Length > 0) _text.Append(' ');
        Escape(word);
        return this;
    }

    public TextLine Add(string name, object? value)
    {
        _text.Append(' ').Append(name).Append('=');
        Escape(Words(value));
        return this;
    }

    public override string ToString() => _text.ToString();

    private static string Words(object? value) => value switch
    {
        null => "",
        string text => text,
        IEnumerable items => string.Join(',', items.Cast<object?>().Select(Words)),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    /// <summary>A value may come from a vendor: it must neither break the line nor steer the terminal.</summary>
    private void Escape(string text)
    {
        foreach (var c in text)
        {
            if (char.IsControl(c)) _text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else _text.Append(c);
        }
    }
}
