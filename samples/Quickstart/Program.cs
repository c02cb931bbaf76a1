using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using LlmGateway;

// LLM_PROVIDER and the rest come from .env beside this file, and from the environment, which wins.
await using var llm = new LlmClient();

var mail = await File.ReadAllTextAsync("invoice.txt");
var response = await llm.CompleteAsync<Invoice>($"Read this e-mail and give me the invoice in it.\n\n{mail}");

var invoice = response.Content;
Console.WriteLine($"Invoice   {invoice.InvoiceNumber} from {invoice.Vendor}");
Console.WriteLine($"Dated     {invoice.InvoiceDate:yyyy-MM-dd}, due {invoice.DueDate:yyyy-MM-dd}");
foreach (var item in invoice.Items)
{
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"          {item.Quantity,3} x {item.Description,-28} {item.UnitPrice,9:0.00} {item.Amount,9:0.00}"));
}

Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Total     {invoice.Currency} {invoice.Total:0.00}"));
Console.WriteLine();
Console.WriteLine($"Provider  {response.Provider}{(response.Provider == "simulated" ? " (no model was called: see .env)" : "")}");
Console.WriteLine($"Model     {response.Model}");
Console.WriteLine($"Tokens    {response.Usage.InputTokens} in, {response.Usage.OutputTokens} out");
Console.WriteLine($"Cost      {(response.Usage.TotalCostUsd is { } cost ? $"${cost.ToString(CultureInfo.InvariantCulture)}" : "price unknown")}");
Console.WriteLine($"Latency   {response.Latency.TotalMilliseconds:0} ms");

/// <summary>What we want from the e-mail. The model's answer is checked against all of this before it gets here.</summary>
internal sealed record Invoice(
    [property: Description("The company that sends the invoice")] string Vendor,
    string InvoiceNumber,
    DateOnly InvoiceDate,
    DateOnly DueDate,
    [property: MinLength(1)] IReadOnlyList<LineItem> Items,
    [Range(0, 1_000_000)] decimal Total,
    [RegularExpression("[A-Z]{3}"), Description("ISO 4217 code")] string Currency);

internal sealed record LineItem(string Description, [Range(1, 10_000)] int Quantity, decimal UnitPrice, decimal Amount);
