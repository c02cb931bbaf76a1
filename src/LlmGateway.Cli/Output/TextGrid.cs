using Spectre.Console;

namespace LlmGateway.Cli.Output;

/// <summary>Rows of text: a table where someone is looking, lines of tab-separated values in a pipe.</summary>
internal static class TextGrid
{
    public static void Write(Terminal terminal, string[] columns, IEnumerable<string[]> rows)
    {
        if (Console.IsOutputRedirected)
        {
            terminal.Output.WriteLine(string.Join('\t', columns));
            foreach (var row in rows) terminal.Output.WriteLine(string.Join('\t', row));
            return;
        }

        var table = new Table().Border(TableBorder.Simple).AddColumns(columns.Select(column => new TableColumn(column)).ToArray());
        foreach (var row in rows) table.AddRow(row.Select(Markup.Escape).ToArray());
        terminal.Table.Write(table);
    }
}
