namespace LlmGateway.Testing;

/// <summary>Answers in a line: each is given once, the last for ever, until another comes behind it. Not safe for concurrent use.</summary>
internal sealed class ReplyLine
{
    private readonly List<Func<LlmRequest, string>> _answers = [];
    private int _given;

    public void Add(Func<LlmRequest, string> answer) => _answers.Add(answer);

    public Func<LlmRequest, string> Next()
        => _given < _answers.Count ? _answers[_given++] : _answers[^1];
}
