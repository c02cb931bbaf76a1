namespace LlmGateway.Routing.Rescue;

/// <summary>Where the answer of another target is not the one that was handed out.</summary>
/// <param name="Index">The part, by its index at the consumer's.</param>
/// <param name="HandedOut">What was handed out of it: its text; a tool call's name and arguments; else its kind.</param>
/// <param name="Fresh">What the other target says in its place, as far as it has come.</param>
internal sealed record Divergence(int Index, string HandedOut, string Fresh);
