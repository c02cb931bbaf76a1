using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using LlmGateway.StructuredOutput.Extraction;
using LlmGateway.Tests.Fakes;

namespace LlmGateway.Tests.Docs;

/// <summary>The example of docs/structured-output.md is followed through the code, and the page must show what came of it.</summary>
public sealed class StructuredOutputPageTests
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, IndentSize = 2, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly string Page = File.ReadAllText(Path.Combine(
        typeof(StructuredOutputPageTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryFolder").Value!,
        "docs/structured-output.md")).ReplaceLineEndings("\n");

    [Fact]
    public async Task The_page_shows_what_happens()
    {
        var first = Block("the model says").TrimEnd();
        var provider = new ScriptedProvider(first, Block("the model says then").TrimEnd())
        {
            Capabilities = new ModelCapabilities { NativeSchema = true, SchemaSubset = SchemaSubset.OpenAIStrict },
        };
        await using var client = new LlmClient(provider);

        var response = await client.CompleteAsync<Booking>("Book …", cancellationToken: TestContext.Current.CancellationToken);

        var request = provider.Requests[0];
        Shows("what is sent", JsonSerializer.Serialize(request.OutputSchema!.Schema, Indented));
        Shows("how it differs", string.Join('\n', response.Metadata.SchemaNotes));
        Shows("the model is shown", provider.Requests[1].Messages[^1].Content);
        using var reading = AnswerReader.Read(first, schema: null);
        Shows("what was mended", string.Join('\n', reading.Repairs.Select(repair => $"{repair.Kind} at {repair.Offset}")));
        Assert.Equal(new Booking("Ada Lovelace", 2, new DateOnly(2026, 12, 24), Room.Double, null), response.Content);
        Assert.Equal((1, 2), (response.Metadata.Reasks, response.Metadata.Attempts.Count));
    }

    private static void Shows(string name, string expected)
        => Assert.Equal(expected.TrimEnd(), Block(name).TrimEnd());

    /// <summary>The code block behind the comment that names it.</summary>
    private static string Block(string name)
    {
        var mark = Page.IndexOf($"<!-- {name} -->", StringComparison.Ordinal);
        Assert.True(mark >= 0, $"The page has no block '{name}'.");
        var open = Page.IndexOf("\n````", mark, StringComparison.Ordinal) + 1;
        var start = Page.IndexOf('\n', open) + 1;
        return Page[start..Page.IndexOf("\n````", start, StringComparison.Ordinal)];
    }

    private sealed record Booking(
        [property: Description("the guest's full name")] string Guest,
        [Range(1, 8)] int Persons,
        DateOnly Arrival,
        Room Room = Room.Single,
        string? Wishes = null);

    private enum Room
    {
        Single,
        Double,
    }
}
