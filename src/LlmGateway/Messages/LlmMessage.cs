using System.Text;

namespace LlmGateway;

/// <summary>One message of a conversation: a role and what it says. Immutable.</summary>
public sealed record LlmMessage
{
    /// <summary>A message of plain text.</summary>
    /// <param name="role">Who speaks.</param>
    /// <param name="content">What is said; not null.</param>
    /// <exception cref="ArgumentNullException"><paramref name="content"/> is null.</exception>
    public LlmMessage(LlmRole role, string content)
        : this(role, [new TextPart(content ?? throw new ArgumentNullException(nameof(content)))])
    {
    }

    /// <summary>A message of several parts.</summary>
    /// <param name="role">Who speaks.</param>
    /// <param name="parts">Its parts, in order; copied.</param>
    /// <exception cref="ArgumentNullException"><paramref name="parts"/> is null.</exception>
    public LlmMessage(LlmRole role, IEnumerable<LlmPart> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        Role = role;
        Parts = [.. parts];
    }

    /// <summary>Who speaks.</summary>
    public LlmRole Role { get; }

    /// <summary>The parts of the message, in order. Never null.</summary>
    public IReadOnlyList<LlmPart> Parts { get; }

    /// <summary>The speaker's name, to tell several of one role apart; null for none.</summary>
    public string? Name { get; init; }

    /// <summary>What the message says in its own dialect that the middle has no name for; null for nothing.</summary>
    public LlmExtensions? Extensions { get; init; }

    /// <summary>The text of the message: its <see cref="TextPart"/>s joined without a separator. Never null.</summary>
    public string Content => TextOf(Parts);

    /// <summary>A message of instructions.</summary>
    /// <param name="content">What is said.</param>
    /// <returns>The message.</returns>
    public static LlmMessage System(string content) => new(LlmRole.System, content);

    /// <summary>A message of the caller.</summary>
    /// <param name="content">What is said.</param>
    /// <returns>The message.</returns>
    public static LlmMessage User(string content) => new(LlmRole.User, content);

    /// <summary>A message of the model.</summary>
    /// <param name="content">What is said.</param>
    /// <returns>The message.</returns>
    public static LlmMessage Assistant(string content) => new(LlmRole.Assistant, content);

    internal static string TextOf(IReadOnlyList<LlmPart> parts)
    {
        if (parts is [TextPart only]) return only.Text;

        var text = new StringBuilder();
        foreach (var part in parts)
        {
            if (part is TextPart { Text: var piece }) text.Append(piece);
        }

        return text.ToString();
    }
}
