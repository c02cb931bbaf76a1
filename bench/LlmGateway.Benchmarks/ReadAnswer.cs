using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using BenchmarkDotNet.Attributes;
using LlmGateway.StructuredOutput;

namespace LlmGateway.Benchmarks;

/// <summary>
/// A well-formed answer's text to the value of its type: what the gateway adds to <c>JsonSerializer.Deserialize</c> alone.
/// <see cref="ReadInvoice"/> has nothing that the serializer does not check itself; the schema of <see cref="CheckedInvoice"/>
/// needs a pass of its own (an enum by its exact names, a list of texts with a null beside it) and attributes on top.
/// </summary>
[MemoryDiagnoser]
public class ReadAnswer
{
    private readonly TypeContract<ReadInvoice> _selfChecking = TypeContract<ReadInvoice>.Of(ReadJson.Default.ReadInvoice, UnknownMembers.Error);
    private readonly TypeContract<CheckedInvoice> _checked = TypeContract<CheckedInvoice>.Of(ReadJson.Default.CheckedInvoice, UnknownMembers.Error);
    private string _plain = "";
    private string _full = "";

    [Params(2, 100)]
    public int Items { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var items = Enumerable.Range(0, Items).Select(i => new ReadItem($"Standing desk, oak, no. {i}", i + 1, 489.50m)).ToList();
        _plain = JsonSerializer.Serialize(new ReadInvoice("Brandt & Vogel", "BV-2026-1187", 1439.31m, new DateOnly(2026, 10, 6), items), ReadJson.Default.ReadInvoice);
        _full = JsonSerializer.Serialize(new CheckedInvoice("Brandt & Vogel", "BV-2026-1187", 1439.31m, Currency.EUR, null, ["desk", "lamp"], [.. items.Select(i => new CheckedItem(i.Description, i.Quantity, i.UnitPrice))]), ReadJson.Default.CheckedInvoice);
        if (Gateway().Items.Count != Items || GatewayChecked().Items.Count != Items) throw new InvalidOperationException("The answer was not read.");
    }

    [Benchmark(Baseline = true)]
    public ReadInvoice Deserialize() => JsonSerializer.Deserialize(_plain, ReadJson.Default.ReadInvoice)!;

    [Benchmark]
    public ReadInvoice Gateway() => _selfChecking.Read(_plain, Coercion.None).Reading.Value;

    [Benchmark]
    public CheckedInvoice DeserializeChecked() => JsonSerializer.Deserialize(_full, ReadJson.Default.CheckedInvoice)!;

    [Benchmark]
    public CheckedInvoice GatewayChecked() => _checked.Read(_full, Coercion.None).Reading.Value;
}

public sealed record ReadInvoice(string Vendor, string InvoiceNumber, decimal Total, DateOnly Date, List<ReadItem> Items);

public sealed record ReadItem(string Description, int Quantity, decimal UnitPrice);

public sealed record CheckedInvoice(
    [StringLength(100)] string Vendor, [RegularExpression("[A-Z]{2}-[0-9]{4}-[0-9]+")] string InvoiceNumber, [Range(0, 1_000_000)] decimal Total, Currency Currency, string? Note, List<string> Tags, List<CheckedItem> Items);

public sealed record CheckedItem(string Description, [Range(1, 1000)] int Quantity, decimal UnitPrice);

public enum Currency
{
    EUR,
    USD,
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ReadInvoice))]
[JsonSerializable(typeof(CheckedInvoice))]
public sealed partial class ReadJson : JsonSerializerContext;
