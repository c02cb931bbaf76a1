namespace LlmGateway.Providers.Simulated.Facts;

/// <summary>A table in a text.</summary>
/// <param name="Columns">The columns' headings: the table's own, or guessed from what stands below.</param>
/// <param name="Rows">The rows, each with a cell for every column.</param>
internal sealed record FactTable(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows);

/// <summary>A list in a text.</summary>
/// <param name="Label">The words it stands under.</param>
/// <param name="Items">Its items.</param>
internal sealed record FactList(Word[] Label, IReadOnlyList<string> Items);
