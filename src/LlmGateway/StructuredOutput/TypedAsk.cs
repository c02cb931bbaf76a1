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

    /// <summary>Whether the model is shown what was wrong with an answer before.</summary>
    protected bool IsCorrection => _correction is not null;

    public override bool BeginsAnew(Target target) => true;

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

        var plan = Choose(target);
        _plans.Add((target.Capabilities, plan));
        return plan;
    }

    public override LlmRequest For(Target target)
    {
        if (_last is { } last && ReferenceEquals(last.Target, target)) return last.Request;
        var plan = PlanOf(target);
        var planned = plan.Apply(Unplanned(target), target.Capabilities);
        if (_correction is { } correction)
        {
            var answer = ReferenceEquals(correction.By, target) ? correction.Answer : Reask.AsSeenBy(plan, correction.Answer, PlanOf(correction.By));
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

    /// <summary>Whether a cut answer may be asked for again with a limit: one that is larger.</summary>
    public virtual bool CanHave(int maxTokens, LlmReply cut) => !(maxTokens <= Request.MaxTokens);

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

    protected virtual OutputPlan Choose(Target target) => OutputPlan.Choose(contract, target.Capabilities, Request);

    /// <summary>What the target would be asked if no shape were wanted.</summary>
    protected LlmRequest Unplanned(Target target) => base.For(target);
}
