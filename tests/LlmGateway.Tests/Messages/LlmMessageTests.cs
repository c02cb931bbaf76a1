namespace LlmGateway.Tests.Messages;

public class LlmMessageTests
{
    [Fact]
    public void A_message_keeps_its_role_and_text()
    {
        Assert.Equal((LlmRole.System, "s"), (LlmMessage.System("s").Role, LlmMessage.System("s").Content));
        Assert.Equal((LlmRole.User, "u"), (LlmMessage.User("u").Role, LlmMessage.User("u").Content));
        Assert.Equal((LlmRole.Assistant, "a"), (LlmMessage.Assistant("a").Role, LlmMessage.Assistant("a").Content));
    }

    [Fact]
    public void The_content_is_the_text_of_all_text_parts()
        => Assert.Equal("ab", new LlmMessage(LlmRole.Assistant, [new TextPart("a"), new ToolCallPart("1", "t", "{}"), new TextPart("b")]).Content);

    [Fact]
    public void Later_changes_of_the_callers_list_do_not_reach_the_message()
    {
        var parts = new List<LlmPart> { new TextPart("a") };
        var message = new LlmMessage(LlmRole.User, parts);
        parts.Clear();

        Assert.Equal("a", message.Content);
    }

    [Fact]
    public void Nothing_is_no_content()
    {
        Assert.Throws<ArgumentNullException>(() => LlmMessage.User(null!));
        Assert.Throws<ArgumentNullException>(() => new LlmMessage(LlmRole.User, (IEnumerable<LlmPart>)null!));
        Assert.Throws<ArgumentNullException>(() => new LlmReply(null!));
    }
}
