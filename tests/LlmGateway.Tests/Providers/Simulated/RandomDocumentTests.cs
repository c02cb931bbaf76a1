using System.Globalization;
using CsCheck;

namespace LlmGateway.Tests.Providers.Simulated;

/// <summary>Clearly labelled documents with made-up contents, wordings and order: what they say must be what the record holds.</summary>
public sealed class RandomDocumentTests
{
    private const int Iterations = 300;

    private sealed record Invoice(string InvoiceNumber, string Vendor, DateOnly IssuedOn, DateOnly DueDate, decimal Total, string Currency, List<Line> Lines);

    private sealed record Line(string Description, int Quantity, decimal UnitPrice);

    private sealed record Contact(string FullName, string Email, string Phone, string City);

    private sealed record Order(string OrderId, DateOnly OrderDate, Customer Customer, decimal ShippingCost, List<string> Items, Status Status, bool IsGift);

    private sealed record Customer(string Name, string Email);

    private sealed record Meeting(string Subject, DateOnly Date, TimeOnly Start, TimeOnly End, string Room, List<string> Participants);

    private sealed record Reading(string City, double Temperature, int Humidity, DateOnly Date);

    private enum Status
    {
        Pending,
        Shipped,
        Delivered,
    }

    private static readonly Gen<string> Word = Gen.Char['a', 'z'].Array[4, 8].Select(letters => char.ToUpperInvariant(letters[0]) + new string(letters, 1, letters.Length - 1) + "o");
    private static readonly Gen<string> Person = Gen.Select(Word, Word, (first, last) => $"{first} {last}");
    private static readonly Gen<string> Company = Gen.Select(Word, Word, Of("Ltd", "GmbH", "Inc", "& Sons", ""), (first, second, end) => $"{first} {second} {end}".TrimEnd());
    private static readonly Gen<string> Email = Gen.Select(Word, Word, (user, host) => $"{user}@{host}.example".ToLowerInvariant());
    private static readonly Gen<string> Id = Gen.Select(Of("INV-", "R", "2024/", "AB-CD-", ""), Gen.Int[10000, 99999], (start, number) => start + number);
    private static readonly Gen<DateOnly> Day = Gen.Int[0, 20000].Select(days => new DateOnly(1990, 1, 1).AddDays(days));
    private static readonly Gen<decimal> Amount = Gen.Int[1, 99_999_99].Select(cents => cents / 100m);
    private static readonly Gen<Func<DateOnly, string>> DateForm = Of<Func<DateOnly, string>>(
        date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        date => date.ToString("d MMMM yyyy", CultureInfo.InvariantCulture),
        date => date.ToString("MMM d, yyyy", CultureInfo.InvariantCulture),
        date => date.ToString("dd.MM.yyyy", CultureInfo.InvariantCulture),
        date => date.ToString("MM/dd/yyyy", CultureInfo.InvariantCulture));

    private static readonly Gen<Func<decimal, string, string>> MoneyForm = Of<Func<decimal, string, string>>(
        (amount, currency) => $"{currency} {amount.ToString("N2", CultureInfo.InvariantCulture)}",
        (amount, currency) => $"{amount.ToString("0.00", CultureInfo.InvariantCulture)} {currency}",
        (amount, currency) => $"{Symbol(currency)}{amount.ToString("N2", CultureInfo.InvariantCulture)}",
        (amount, currency) => $"{amount.ToString("N2", Continental)} {currency}");

    /// <summary>How a label and its value stand in a line.</summary>
    private static readonly Gen<Func<string, string, string>> LineForm = Of<Func<string, string, string>>(
        (label, value) => $"{label}: {value}",
        (label, value) => $"**{label}:** {value}",
        (label, value) => $"- {label}: {value}",
        (label, value) => $"{label}      {value}",
        (label, value) => $"{label}:\t{value}",
        (label, value) => $"{label} ........ {value}",
        (label, value) => $"| {label} | {value} |",
        (label, value) => $"\"{label}\": \"{value}\",");

    private static readonly NumberFormatInfo Continental = new() { NumberDecimalSeparator = ",", NumberGroupSeparator = "." };

    private static Gen<T> Of<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static string Symbol(string currency) => currency switch { "EUR" => "€", "GBP" => "£", _ => "$" };

    private static string Join(IEnumerable<string> lines) => string.Join('\n', lines);

    private static T Ask<T>(string document) => Asking.For<T>(document).GetAwaiter().GetResult();

    private static readonly Gen<(Invoice Expected, string Document)> AnInvoice = Gen.Select(
        Gen.Select(Id, Company, Day, Day, Amount, Of("EUR", "USD", "GBP")),
        Gen.Select(Of("Invoice number", "Invoice no.", "Invoice #", "Invoice ID"), Of("Vendor", "Supplier", "Seller", "From"), Of("Invoice date", "Issued on", "Date of issue", "Date"),
            Of("Due date", "Payment due", "Due", "Payable by"), Of("Total", "Total due", "Amount due", "Grand total", "Total amount")),
        Gen.Select(DateForm, MoneyForm, LineForm),
        Gen.Select(Gen.Select(Person, Gen.Int[1, 50], Amount, (item, quantity, price) => new Line(item, quantity, price)).Array[2, 5], Of(" | ", "\t", "     "), Gen.Bool),
        Gen.Int[0, int.MaxValue],
        (values, labels, forms, table, seed) =>
        {
            var (id, vendor, issued, due, total, currency) = values;
            var (date, money, line) = forms;
            var (lines, gap, headed) = table;
            string[] fields =
            [
                line(labels.Item1, id), line(labels.Item2, vendor), line(labels.Item3, date(issued)), line(labels.Item4, date(due)), line(labels.Item5, money(total, currency)),
                line("Customer no.", "C-77"), line("VAT", money(1.23m, currency)),
            ];
            new Random(seed).Shuffle(fields);
            var rows = lines.Select(row => string.Join(gap, row.Description, row.Quantity, row.UnitPrice.ToString("0.00", CultureInfo.InvariantCulture)));
            if (headed) rows = rows.Prepend(string.Join(gap, "Item", "Qty", "Unit price"));
            // Amounts of the continental form would make the document's other numbers ambiguous: one document, one form.
            if (money(1.5m, currency).Contains("1,50", StringComparison.Ordinal)) rows = rows.Select(row => row.Replace('.', ','));
            return (new Invoice(id, vendor, issued, due, total, currency, [.. lines]), "Please read this invoice.\n\n" + Join(fields) + "\n\n" + Join(rows) + "\n\nThank you!");
        });

    private static readonly Gen<(Contact Expected, string Document)> AContact = Gen.Select(
        Gen.Select(Person, Email, Gen.Int[100_0000, 999_9999], Word),
        Gen.Select(Of("Name", "Full name", "Contact name"), Of("E-mail", "Email", "Mail", "Email address"), Of("Phone", "Tel", "Mobile", "Telephone number"), Of("City", "Town")),
        LineForm,
        Gen.Int[0, int.MaxValue],
        (values, labels, line, seed) =>
        {
            var phone = $"+44 20 {values.Item3}";
            string[] fields = [line(labels.Item1, values.Item1), line(labels.Item2, values.Item2), line(labels.Item3, phone), line(labels.Item4, values.Item4), line("Fax", "+44 99 1234567")];
            new Random(seed).Shuffle(fields);
            return (new Contact(values.Item1, values.Item2, phone, values.Item4), Join(fields));
        });

    private static readonly Gen<(Order Expected, string Document)> AnOrder = Gen.Select(
        Gen.Select(Id, Day, Person, Email, Amount, Word.Array[2, 4], Of(Status.Pending, Status.Shipped, Status.Delivered), Gen.Bool),
        Gen.Select(DateForm, MoneyForm, LineForm),
        Gen.Select(Of("Order number", "Order ID", "Order ref", "Order no."), Of("Customer", "Customer name", "Buyer"), Of("Shipping", "Shipping cost", "Postage"), Gen.Bool),
        (values, forms, labels) =>
        {
            var (id, day, person, email, cost, items, status, gift) = values;
            var (date, money, line) = forms;
            var listed = labels.Item4 ? "Items: " + string.Join(", ", items) : "Items:\n" + Join(items.Select(item => "* " + item));
            string[] fields =
            [
                line(labels.Item1, id), line("Order date", date(day)), line(labels.Item2, person), line("Customer email", email), line(labels.Item3, money(cost, "EUR")),
                line("Total", money(cost + 50, "EUR")), line("Status", status.ToString().ToLowerInvariant()), line("Gift", gift ? "yes" : "no"),
            ];
            return (new Order(id, day, new Customer(person, email), cost, [.. items], status, gift), Join(fields) + "\n\n" + listed + "\n");
        });

    private static readonly Gen<(Meeting Expected, string Document)> AMeeting = Gen.Select(
        Gen.Select(Person, Day, Gen.Int[0, 20], Gen.Int[1, 3], Gen.Int[0, 59], Word, Person.Array[2, 5]),
        Gen.Select(DateForm, LineForm, Of("Subject", "Title", "Topic"), Of("Room", "Location", "Where", "Venue"), Of("Participants", "Attendees", "Guests"), Gen.Bool),
        (values, forms) =>
        {
            var (subject, day, hour, hours, minute, room, people) = values;
            var (date, line, subjectLabel, roomLabel, peopleLabel, listed) = forms;
            var (start, end) = (new TimeOnly(hour, minute), new TimeOnly(hour + hours, minute));
            string[] fields =
            [
                line(subjectLabel, subject), line("Date", date(day)), line("Time", $"{start:HH\\:mm}-{end:HH\\:mm}"), line(roomLabel, room),
                listed ? line(peopleLabel, string.Join(", ", people)) : $"## {peopleLabel}\n\n" + Join(people.Select((person, i) => $"{i + 1}. {person}")),
            ];
            return (new Meeting(subject, day, start, end, room, [.. people]), Join(fields));
        });

    private static readonly Gen<(Reading Expected, string Document)> AReading = Gen.Select(
        Gen.Select(Word, Gen.Int[-400, 450], Gen.Int[1, 100], Day), Gen.Select(DateForm, LineForm), Gen.Int[0, int.MaxValue],
        (values, forms, seed) =>
        {
            var (city, tenths, humidity, day) = values;
            var temperature = tenths / 10d;
            string[] fields =
            [
                forms.Item2("City", city), forms.Item2("Temperature", temperature.ToString("0.0", CultureInfo.InvariantCulture) + " °C"),
                forms.Item2("Humidity", humidity + "%"), forms.Item2("Date", forms.Item1(day)), forms.Item2("Wind", "12 km/h"),
            ];
            new Random(seed).Shuffle(fields);
            return (new Reading(city, temperature, humidity, day), Join(fields));
        });

    [Fact]
    public void Invoices() => AnInvoice.Sample(
        pair =>
        {
            var found = Ask<Invoice>(pair.Document);
            Assert.Equal(pair.Expected.Lines, found.Lines);
            Assert.Equal(pair.Expected with { Lines = found.Lines }, found);
        },
        iter: Iterations, print: pair => pair.Document);

    [Fact]
    public void Contacts() => AContact.Sample(pair => Assert.Equal(pair.Expected, Ask<Contact>(pair.Document)), iter: Iterations, print: pair => pair.Document);

    [Fact]
    public void Orders() => AnOrder.Sample(
        pair =>
        {
            var found = Ask<Order>(pair.Document);
            Assert.Equal(pair.Expected.Items, found.Items);
            Assert.Equal(pair.Expected with { Items = found.Items }, found);
        },
        iter: Iterations, print: pair => pair.Document);

    [Fact]
    public void Meetings() => AMeeting.Sample(
        pair =>
        {
            var found = Ask<Meeting>(pair.Document);
            Assert.Equal(pair.Expected.Participants, found.Participants);
            Assert.Equal(pair.Expected with { Participants = found.Participants }, found);
        },
        iter: Iterations, print: pair => pair.Document);

    [Fact]
    public void Weather_readings() => AReading.Sample(pair => Assert.Equal(pair.Expected, Ask<Reading>(pair.Document)), iter: Iterations, print: pair => pair.Document);
}
