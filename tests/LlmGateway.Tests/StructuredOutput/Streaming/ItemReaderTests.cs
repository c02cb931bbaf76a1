using LlmGateway.StructuredOutput;
using LlmGateway.StructuredOutput.Streaming;

namespace LlmGateway.Tests.StructuredOutput.Streaming;

public class ItemReaderTests
{
    [Theory]
    [InlineData("""{"value":[1,2]}""", null)]
    [InlineData("""{"value":[1,2]} and {"value":[1,2]}""", null)]
    [InlineData("""{"value":[1,2]} and {"value":[1,2,3]}""", null)]
    [InlineData("""{"value":[1,2]} and {"value":[1,3]}""", 1)]
    [InlineData("""{"value":[1,2]} and {"value":[1]}""", 1)]
    [InlineData("""{"value":[1,2], and {"value":[2,1]}""", 0)]
    public void Items_that_are_others_in_the_whole_answer_are_found(string text, int? changed)
    {
        var (view, reader) = Make();
        view.Add(new TextDelta(0, text));
        while (reader.TryNext(out _))
        {
        }

        Assert.Equal(2, reader.Count);
        var last = text.Split(" and ")[^1];
        Assert.Equal(changed, reader.FindChange([.. last["{\"value\":[".Length..^2].Split(',').Select(int.Parse)]));
        Assert.Equal(last == text, view.IsAll);
    }

    [Fact]
    public void The_end_of_a_fence_is_no_other_text()
    {
        var (view, _) = Make();
        foreach (var piece in (string[])["```json\n", """{"value":[1]}""", "\n", "```", "\n"]) view.Add(new TextDelta(0, piece));

        Assert.True(view.IsFirst);
        Assert.True(view.IsAll);
        view.Add(new TextDelta(0, "I hope so."));
        Assert.False(view.IsAll);
    }

    [Fact]
    public void A_number_is_an_item_when_its_end_is_certain()
    {
        var (view, reader) = Make();
        view.Add(new TextDelta(0, """{"value":[1"""));
        Assert.False(reader.TryNext(out _));

        view.Add(new TextDelta(0, """2,"""));

        Assert.True(reader.TryNext(out var item));
        Assert.Equal(12, item.Value);
        Assert.False(reader.TryNext(out _));
    }

    [Theory]
    [InlineData("""{"other":[1,2],"value":[3]}""")]
    [InlineData("""{"value":{"a":1}}""")]
    [InlineData("""See {"value":[1,2]}""")]
    public void What_may_not_be_the_list_has_no_items_yet(string text)
    {
        var (view, reader) = Make();
        view.Add(new TextDelta(0, text));

        Assert.False(reader.TryNext(out _));
        Assert.Null(reader.FindChange([1, 2]));
    }

    private static (AnswerView View, ItemReader<int> Reader) Make()
    {
        var view = new AnswerView(OutputMode.Native, isWrapped: true);
        var list = TypeContract<int[]>.ByReflection(UnknownMembers.Error);
        return (view, new ItemReader<int>(view, list.PlanOf(OutputMode.Native, SchemaSubset.All), TypeContract<int>.ByReflection(UnknownMembers.Error), Coercion.None, check: null));
    }
}
