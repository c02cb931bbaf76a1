namespace LlmGateway;

/// <summary>What becomes of members of a typed answer that its type does not have.</summary>
public enum UnknownMembers
{
    /// <summary>Each is an error: a misspelt name must not pass for a missing value. The default.</summary>
    Error,

    /// <summary>They are passed over. The model is still told that there are to be none.</summary>
    Ignore,
}
