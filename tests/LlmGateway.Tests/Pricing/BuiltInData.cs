namespace LlmGateway.Tests.Prices;

/// <summary>The embedded price data, as the library has it.</summary>
internal static class BuiltInData
{
    internal static byte[] Bytes()
    {
        using var stream = typeof(PriceBook).Assembly.GetManifestResourceStream("LlmGateway.prices.json")!;
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }

    /// <summary>A name that a pattern takes in; an exact name as it is.</summary>
    internal static string Concrete(string name) => name
        .Replace("-YYYY-MM-DD", "-2025-10-01", StringComparison.Ordinal)
        .Replace("YYYYMMDD", "20251001", StringComparison.Ordinal)
        .Replace("-preview-MM-DD", "-preview-10-01", StringComparison.Ordinal)
        .Replace("-preview-MM-YYYY", "-preview-10-2025", StringComparison.Ordinal)
        .Replace("-YYMM", "-2510", StringComparison.Ordinal)
        .Replace("-NNN", "-001", StringComparison.Ordinal)
        .Replace("-vN:N", "-v1:0", StringComparison.Ordinal)
        .Replace("-vN", "-v1", StringComparison.Ordinal);
}
