using System.Buffers;
using System.Globalization;
using System.Text;

namespace LlmGateway.Server.Metrics;

/// <summary>Prometheus' text format, version 0.0.4, and OpenTelemetry's rules for its names.</summary>
internal static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>A metric's name: with its unit, and <c>_total</c> where it counts.</summary>
    public static string NameOf(string name, string? unit, string type)
    {
        var word = unit switch
        {
            null or "" or "1" => "",
            "s" => "seconds",
            "ms" => "milliseconds",
            "By" => "bytes",
            // A unit in braces is a remark.
            _ => unit[0] == '{' ? "" : Sanitized(unit),
        };
        var full = Sanitized(name);
        if (word.Length > 0 && !full.EndsWith($"_{word}", StringComparison.Ordinal)) full = $"{full}_{word}";
        return type == "counter" && !full.EndsWith("_total", StringComparison.Ordinal) ? $"{full}_total" : full;
    }

    public static string Sanitized(string name) => string.Create(name.Length, name, static (into, from) =>
    {
        for (var i = 0; i < from.Length; i++) into[i] = char.IsAsciiLetter(from[i]) || (i > 0 && char.IsAsciiDigit(from[i])) ? from[i] : '_';
    });

    /// <summary>Labels without their braces.</summary>
    public static string LabelsOf(IEnumerable<KeyValuePair<string, string>> labels)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in labels)
        {
            if (text.Length > 0) text.Append(',');
            text.Append(name).Append("=\"");
            foreach (var c in value.Length <= 200 ? value : value[..200])
            {
                if (c is '\\' or '"') text.Append('\\').Append(c);
                else if (c == '\n') text.Append("\\n");
                // A half of a pair is no text.
                else text.Append(char.IsControl(c) || char.IsSurrogate(c) ? '?' : c);
            }

            text.Append('"');
        }

        return text.ToString();
    }

    public static void WriteHead(IBufferWriter<byte> to, string name, string help, string type)
    {
        if (help.Length > 0) Write(to, $"# HELP {name} {help.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}\n");
        Write(to, $"# TYPE {name} {type}\n");
    }

    /// <param name="to">Where.</param>
    /// <param name="name">The metric.</param>
    /// <param name="suffix">What of it.</param>
    /// <param name="labels">Its labels, without the braces.</param>
    /// <param name="bound">A bucket's upper bound; null where it is none.</param>
    /// <param name="value">The value.</param>
    public static void WriteSample(IBufferWriter<byte> to, string name, string suffix, string labels, string? bound, double value)
    {
        Write(to, name);
        Write(to, suffix);
        if (labels.Length > 0 || bound is not null)
        {
            Write(to, "{");
            Write(to, labels);
            if (bound is not null)
            {
                Write(to, labels.Length > 0 ? ",le=\"" : "le=\"");
                Write(to, bound);
                Write(to, "\"");
            }

            Write(to, "}");
        }

        var span = to.GetSpan(40);
        span[0] = (byte)' ';
        value.TryFormat(span[1..], out var length, "R", CultureInfo.InvariantCulture);
        span[length + 1] = (byte)'\n';
        to.Advance(length + 2);
    }

    private static void Write(IBufferWriter<byte> to, string text) => Encoding.UTF8.GetBytes(text, to);
}
