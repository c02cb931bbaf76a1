using LlmGateway.Routing.Targets;

namespace LlmGateway.Routing.Policies;

/// <summary>A target that was looked at and not chosen, for the record.</summary>
/// <param name="Target">The target.</param>
/// <param name="Why">Why, in words.</param>
internal readonly record struct PassedOver(Target Target, string Why);
