using System.Text.Json;
using LlmGateway.Budgets;

namespace LlmGateway.Tests.Budgets;

public sealed class InputBoundTests
{
    private static readonly LlmRequest Empty = new() { Messages = [LlmMessage.User("")] };

    [Theory]
    [InlineData("hello", 5)]
    [InlineData("né", 3)]
    [InlineData("日本語", 9)]
    [InlineData("👩‍👩‍👧", 18)]
    public void A_text_has_no_more_tokens_than_bytes(string text, int bytes)
        => Assert.Equal(bytes, Of(Empty with { Messages = [LlmMessage.User(text)] }) - Of(Empty));

    [Fact]
    public void Everything_that_is_read_counts()
    {
        var schema = JsonDocument.Parse("""{"type":"object"}""").RootElement;
        var plain = Of(Empty)!.Value;

        // A schema stands in the request once as a parameter and once in words.
        Assert.True(Of(Empty with { OutputSchema = new OutputSchema("a", schema, OutputMode.Native) }) >= plain + (2 * schema.GetRawText().Length));
        Assert.True(Of(Empty with { Tools = [new LlmTool("find", "Finds it.", schema)] }) >= plain + 735 + "findFinds it.".Length + schema.GetRawText().Length);
        Assert.True(Of(With(new ToolResultPart("id", "0123456789"))) >= plain + 10);
        Assert.True(Of(With(new ThinkingPart("0123456789", "signature"))) >= plain + 19);
        Assert.True(Of(With(new ToolCallPart("id", "name", "{}"))) >= plain + 8);
        Assert.True(Of(With(new DocumentPart(MediaSource.FromText("0123456789")))) >= plain + 10);
        Assert.True(Of(With(new ImagePart(MediaSource.FromUrl("https://example.com/a.png")))) >= plain + 48_169);
        Assert.True(Of(With(new ToolResultPart("id", [new ImagePart(MediaSource.FromBase64("AAAA", "image/png"))]))) >= plain + 48_169);
    }

    [Fact]
    public void A_document_in_bytes_is_bounded_by_what_the_model_reads_at_most()
    {
        var request = With(new DocumentPart(MediaSource.FromBase64("AAAA", "application/pdf")));

        Assert.Null(InputBound.Of(request, "openai", contextWindow: null).Tokens);
        Assert.True(InputBound.Of(request, "openai", contextWindow: 200_000).Tokens >= 200_000);
    }

    private static LlmRequest With(LlmPart part) => new() { Messages = [new LlmMessage(LlmRole.User, [part])] };

    private static long? Of(LlmRequest request) => InputBound.Of(request, "openai", contextWindow: null).Tokens;
}
