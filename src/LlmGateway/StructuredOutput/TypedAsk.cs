using LlmGateway.Routing;
using LlmGateway.Routing.Targets;

namespace LlmGateway.StructuredOutput;

/// <summary>An ask for an answer of a given shape: each target gets the shape in the way that its model knows.</summary>
internal class TypedAsk(LlmRequest request, OutputContract contract) : Ask(request)
{
    private readonly List<(ModelCapabilities Capabilities, OutputPlan Plan)> _plans = [];
    private (Target Target, LlmRequest Request)? _last;
    private (LlmReply Answer, Target By, IReadOnlyList<ValidationError> Errors)? _correction;
    private Target? _answeredBy;

    public override bool IsValue => true;

    /// <summary>The target that has answered, or answers.</summary>
    /// <exception cref="InvalidOperationException">None has.</exception>
    public Target Target => _answeredBy ?? throw new InvalidOperationException("Nobody has answered yet.");

    /// <summary>The plan by which the answer is to be read.</summary>
    public OutputPlan Plan => PlanOf(Target);

    /// <summary>Called with the target that answers, before its answer comes.</summary>
    public Action<Target>? Answers { get; set; }

    /// <exception cref="ArgumentException">The request's tools or its choice of one cannot go together with a schema; the message says why.</exception>
    public OutputPlan PlanOf(Target target)
    {
        foreach (var (capabilities, known) in _plans)
        {
            if (ReferenceEquals(capabilities, target.Capabilities)) return known;
        }

        var plan = OutputPlan.Choose(contract, target.Capabilities, Request);
        _plans.Add((target.Capabilities, plan));
        return plan;
    }

    public override LlmRequest For(Target target)
    {
        if (_last is { } last && ReferenceEquals(last.Target, target)) return last.Request;
        var plan = PlanOf(target);
        var planned = plan.Apply(base.For(target), target.Capabilities);
        if (_correction is { } correction)
        {
            var answer = ReferenceEquals(correction.By, target) ? correction.Answer : Reask.AsSeenBy(plan, correction.Answer);
            planned = Reask.Compose(planned, answer, correction.Errors);
        }

        _last = (target, planned);
        return planned;
    }

    public override void AnsweredBy(Target target)
    {
        _answeredBy = target;
        Answers?.Invoke(target);
    }

    /// <summary>The same again, with more room.</summary>
    public void Enlarge(int maxTokens)
    {
        Request = Request with { MaxTokens = maxTokens, MaxTokensIsDefault = false };
        _last = null;
    }

    /// <summary>The same again, with the answer that was not good and what is wrong with it.</summary>
    public void Correct(LlmReply answer, IReadOnlyList<ValidationError> errors)
    {
        _correction = (answer, Target, errors);
        _last = null;
    }

    /// <summary>Whether the replies come in pieces.</summary>
    public void Stream() => Request = Request with { Stream = true };
}
