namespace LlmGateway.Routing.Policies;

/// <summary>Which of a route's targets is asked next. Thread-safe; where all is well it allocates nothing and looks at one or two.</summary>
internal interface ITargetPolicy
{
    /// <summary>The place of the target to ask; -1 where none is left that can be asked now.</summary>
    int Pick(ref TargetChoice choice);
}
