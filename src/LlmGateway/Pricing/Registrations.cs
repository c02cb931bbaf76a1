namespace LlmGateway.PriceData;

/// <summary>The prices set in code. A reader takes the table once and sees one state; a writer replaces it whole.</summary>
internal sealed class Registrations
{
    private readonly Lock _writing = new();
    private volatile PriceTable _table = PriceTable.Empty;

    internal PriceTable Table => _table;

    internal void Set(PriceRow row)
    {
        lock (_writing)
        {
            // A price that is set again takes the place of the old one, so that the table does not grow.
            var others = _table.Rows.Where(r => r.Provider != row.Provider || !r.Model.Equals(row.Model, StringComparison.OrdinalIgnoreCase));
            _table = PriceTable.Empty.With([.. others, row]);
        }
    }
}
