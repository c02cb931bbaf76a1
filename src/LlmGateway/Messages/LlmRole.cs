namespace LlmGateway;

/// <summary>Who speaks in a message.</summary>
public enum LlmRole
{
    /// <summary>Instructions to the model. May stand anywhere in a conversation, more than once.</summary>
    System,

    /// <summary>The caller.</summary>
    User,

    /// <summary>The model.</summary>
    Assistant,

    /// <summary>The results of tool calls that the model made in the turn before.</summary>
    Tool,

    /// <summary>Instructions of the application, below the system's, where a vendor tells the two apart (OpenAI); elsewhere the same as <see cref="System"/>.</summary>
    Developer,
}
