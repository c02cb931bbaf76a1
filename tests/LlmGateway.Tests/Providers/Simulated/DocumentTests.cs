namespace LlmGateway.Tests.Providers.Simulated;

/// <summary>Documents of several kinds, each as someone might write it.</summary>
public sealed class DocumentTests
{
    private enum Currency
    {
        EUR,
        USD,
        GBP,
    }

    private enum Priority
    {
        Low,
        Normal,
        VeryHigh,
    }

    private sealed record InvoiceLine(string Description, int Quantity, decimal UnitPrice, decimal Amount);

    private sealed record Party(string Name, string? Email);

    private sealed record Invoice(
        string InvoiceNumber, Party Vendor, Party Customer, DateOnly IssuedOn, DateOnly DueDate, Currency Currency, decimal Subtotal, decimal Tax, decimal Total, string? Notes,
        List<InvoiceLine> Lines);

    private sealed record Meeting(string Title, DateOnly Date, TimeOnly StartTime, TimeOnly EndTime, string Location, List<string> Attendees, bool Recurring, DateTime StartsAt);

    private sealed record Contact(string Name, string? Company, string Email, string Phone, Uri? Website, string? City);

    private sealed record Weather(string City, double Temperature, int Humidity, string Conditions, DateOnly Day);

    private sealed record Guest(string Name, string Email);

    private sealed record Party2(List<Guest> Guests, Priority Priority, bool Paid, bool? Catered);

    private sealed record Answer(int Value, string Result);

    [Fact]
    public async Task An_emailed_invoice_becomes_its_record()
    {
        var invoice = await Asking.For<Invoice>("""
            From: Blauwal Tauchbedarf GmbH <rechnung@blauwal.example>
            To: Jane Roe <jane@roe.example>
            Subject: Your invoice BT-20931

            Dear Jane Roe,

            please find our invoice below.

            Invoice number:   BT-20931
            Invoice date:     3 March 2025
            Payment due:      2 April 2025

            Description              Qty   Unit price     Amount
            ----------------------------------------------------
            Diving mask, large         2        45.50      91.00
            Snorkel                   10        12.00     120.00

            Subtotal                                EUR 211.00
            VAT 19%                                 EUR 40.09
            Total due                               EUR 251.09

            Kind regards,
            Otto Wal
            """);

        Assert.Equal("BT-20931", invoice.InvoiceNumber);
        Assert.Equal("Blauwal Tauchbedarf GmbH", invoice.Vendor.Name);
        Assert.Equal("rechnung@blauwal.example", invoice.Vendor.Email);
        Assert.Equal("Jane Roe", invoice.Customer.Name);
        Assert.Equal("jane@roe.example", invoice.Customer.Email);
        Assert.Equal(new DateOnly(2025, 3, 3), invoice.IssuedOn);
        Assert.Equal(new DateOnly(2025, 4, 2), invoice.DueDate);
        Assert.Equal(Currency.EUR, invoice.Currency);
        Assert.Equal((211.00m, 40.09m, 251.09m), (invoice.Subtotal, invoice.Tax, invoice.Total));
        Assert.Null(invoice.Notes);
        Assert.Equal([new InvoiceLine("Diving mask, large", 2, 45.50m, 91m), new InvoiceLine("Snorkel", 10, 12m, 120m)], invoice.Lines);
    }

    [Fact]
    public async Task An_invitation_becomes_a_meeting()
    {
        var meeting = await Asking.For<Meeting>("""
            Subject: Budget review
            When: 14 May 2026, 9:30 am - 11:00 am
            Where: Room Turing
            Attendees:
            - Ada Lovelace
            - Charles Babbage

            This is not recurring.
            """);

        Assert.Equal("Budget review", meeting.Title);
        Assert.Equal(new DateOnly(2026, 5, 14), meeting.Date);
        Assert.Equal((new TimeOnly(9, 30), new TimeOnly(11, 0)), (meeting.StartTime, meeting.EndTime));
        Assert.Equal(new DateTime(2026, 5, 14, 9, 30, 0), meeting.StartsAt.ToUniversalTime());
        Assert.Equal("Room Turing", meeting.Location);
        Assert.Equal(["Ada Lovelace", "Charles Babbage"], meeting.Attendees);
        Assert.False(meeting.Recurring);
    }

    [Fact]
    public async Task A_business_card_becomes_a_contact()
    {
        var contact = await Asking.For<Contact>("""
            Name: Grace Hopper
            Company: Cobol & Sons Ltd
            Tel.: +1 (555) 010-0199
            grace.hopper@cobol.example
            https://cobol.example/grace
            """);

        Assert.Equal(new Contact("Grace Hopper", "Cobol & Sons Ltd", "grace.hopper@cobol.example", "+1 (555) 010-0199", new Uri("https://cobol.example/grace"), null), contact);
    }

    [Fact]
    public async Task A_report_in_sentences_becomes_weather()
    {
        var weather = await Asking.For<Weather>("City: Oslo. \nOn January 7th, 2025 there was a temperature of -4.5 °C.\nHumidity: 81%\nConditions: light snow");

        Assert.Equal(-4.5, weather.Temperature);
        Assert.Equal(81, weather.Humidity);
        Assert.Equal("light snow", weather.Conditions);
        Assert.Equal(new DateOnly(2025, 1, 7), weather.Day);
    }

    [Fact]
    public async Task Lists_of_people_enums_and_booleans_are_read()
    {
        var party = await Asking.For<Party2>("""
            ## Guests
            * Ann Lee <ann@lee.example>
            * Bo <bo@bo.example>

            Priority: very high
            Paid: yes
            """);

        Assert.Equal([new Guest("Ann Lee", "ann@lee.example"), new Guest("Bo", "bo@bo.example")], party.Guests);
        Assert.Equal(Priority.VeryHigh, party.Priority);
        Assert.True(party.Paid);
        Assert.Null(party.Catered);
    }

    [Fact]
    public async Task What_is_told_in_a_sentence_is_taken_by_the_words_around_it()
    {
        var claim = await Asking.For<Claim>("Hello,\n\nplease pay invoice INV-7731, dated 3 March 2025, with a total of USD 1,300.00 by 2 April 2025. The bill covers 12 guests.\n\nBest regards,\nMaria Silva");

        Assert.Equal(new Claim("INV-7731", new DateOnly(2025, 3, 3), new DateOnly(2025, 4, 2), 1300.00m, "USD", 12, "Maria Silva"), claim);
    }

    private sealed record Claim(string InvoiceNumber, DateOnly Dated, DateOnly DueDate, decimal Total, string Currency, int GuestCount, string Sender);

    [Fact]
    public async Task The_only_amount_in_a_text_is_the_amount()
    {
        const string Schema = """{"type":"object","properties":{"price":{"type":"number"}},"required":["price"]}""";

        Assert.Equal(12.5m, (await Asking.Value(Schema, "I gave him €12.50 yesterday.")).GetProperty("price").GetDecimal());
        Assert.Equal(0m, (await Asking.Value(Schema, "I gave him €12.50 and got €2.00.")).GetProperty("price").GetDecimal());
    }

    [Fact]
    public async Task Offsets_from_UTC_are_kept()
    {
        var answer = await Asking.Value(
            """{"type":"object","properties":{"createdAt":{"type":"string","format":"date-time"},"opens":{"type":"string","format":"time"}},"required":["createdAt","opens"]}""",
            "Created: 2024-05-03T10:00:00+02:00\nOpens: 7:15 pm");

        Assert.Equal("""{"createdAt":"2024-05-03T10:00:00+02:00","opens":"19:15:00Z"}""", answer.GetRawText());
    }

    [Theory]
    [InlineData("2 x Garden chair @ 49.00\n1 x Table at EUR 120.00")]
    [InlineData("| Product | Count | Price |\n|---|---:|---:|\n| Garden chair | 2 | 49.00 |\n| Table | 1 | 120.00 |\n| Total | | 218.00 |")]
    [InlineData("Garden chair\t2\t49.00\nTable\t1\t120.00")]
    [InlineData("Qty   Cost     Article\n2     €49.00   Garden chair\n1     €120.00  Table")]
    public async Task Rows_are_read_from_tables_of_several_makes(string table)
    {
        var order = await Asking.For<Basket>($"Your basket:\n\n{table}\n\nThank you.");

        Assert.Equal([new BasketLine("Garden chair", 2, 49m), new BasketLine("Table", 1, 120m)], order.Lines);
    }

    private sealed record Basket(List<BasketLine> Lines);

    private sealed record BasketLine(string Product, int Quantity, decimal Price);

    [Fact]
    public async Task A_plain_list_fills_an_array_of_its_name()
    {
        var answer = await Asking.Value(
            """{"type":"object","properties":{"scores":{"type":"array","items":{"type":"integer"}},"emails":{"type":"array","items":{"type":"string","format":"email"}},"tags":{"type":"array","items":{"type":"string"},"maxItems":2,"uniqueItems":true}},"required":["scores","emails","tags"]}""",
            "Scores: 3, 5 and 8\nWrite to a@x.example or b@x.example.\nTags: red; red; green; blue");

        Assert.Equal("""{"scores":[3,5,8],"emails":["a@x.example","b@x.example"],"tags":["red","green"]}""", answer.GetRawText());
    }

    [Fact]
    public async Task Simple_arithmetic_is_answered()
    {
        Assert.Equal(new Answer(42, "42"), await Asking.For<Answer>("What is 6 × 7?"));
        Assert.Equal("0.25", (await Asking.Value("""{"type":"object","properties":{"answer":{"type":"string"}},"required":["answer"]}""", "Please calculate 1 / 4")).GetProperty("answer").GetString());
    }

    [Theory]
    [InlineData("EUR 1,234.50", "1234.50")]
    [InlineData("1.234,50 €", "1234.50")]
    [InlineData("€12,5", "12.5")]
    [InlineData("$ 1,234", "1234")]
    [InlineData("1'234.50 CHF", "1234.50")]
    [InlineData("1 234 567,89 EUR", "1234567.89")]
    [InlineData("-12.00 USD", "-12.00")]
    public async Task Amounts_are_read_as_they_are_written_in_different_places(string written, string expected)
    {
        var answer = await Asking.Value("""{"type":"object","properties":{"total":{"type":"number"}},"required":["total"]}""", $"Total: {written}");

        Assert.Equal(expected, answer.GetProperty("total").GetRawText());
    }

    [Theory]
    [InlineData("2024-06-05")]
    [InlineData("5 June 2024")]
    [InlineData("5th of June, 2024")]
    [InlineData("June 5, 2024")]
    [InlineData("Jun. 5th 2024")]
    [InlineData("05.06.2024")]
    [InlineData("06/05/2024")]
    [InlineData("05/06/2024\nEnds: 25/06/2024")]
    [InlineData("05-Jun-2024")]
    public async Task Dates_are_read_as_people_write_them(string written)
    {
        var answer = await Asking.Value("""{"type":"object","properties":{"startDate":{"type":"string","format":"date"}},"required":["startDate"]}""", $"Starts: {written}");

        Assert.Equal("2024-06-05", answer.GetProperty("startDate").GetString());
    }

    [Fact]
    public async Task A_value_that_is_called_something_else_is_not_taken()
    {
        var answer = await Asking.Value(
            """{"type":"object","properties":{"dueDate":{"type":["string","null"],"format":"date"},"total":{"type":["number","null"]},"vendorEmail":{"type":["string","null"]}},"required":["dueDate","total","vendorEmail"]}""",
            "Invoice date: 2024-01-01\nVAT: EUR 5.00\nVendor: Acme Ltd");

        Assert.Equal("""{"dueDate":null,"total":null,"vendorEmail":null}""", answer.GetRawText());
    }

    [Fact]
    public async Task A_description_in_the_schema_tells_what_a_member_is_called()
    {
        var answer = await Asking.Value(
            """{"type":"object","properties":{"x1":{"type":"string","description":"The registration plate of the car"}},"required":["x1"]}""",
            "Colour: red\nRegistration plate: B-XY 123");

        Assert.Equal("B-XY 123", answer.GetProperty("x1").GetString());
    }
}
