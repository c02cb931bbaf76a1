namespace LlmGateway.Server.Admin;

/// <summary>A request of the admin API that is answered with an error.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="code">What it is, in snake case, for programs.</param>
/// <param name="message">What is wrong and what to do, for people.</param>
/// <param name="field">The member or parameter that is wrong; null where it is none.</param>
internal sealed class AdminException(int status, string code, string message, string? field = null) : Exception(message)
{
    public int Status { get; } = status;

    public string Code { get; } = code;

    public string? Field { get; } = field;

    /// <summary>What goes into <c>Retry-After</c>, in seconds.</summary>
    public long? RetryAfterSeconds { get; init; }

    public static AdminException NotFound(string message) => new(404, "not_found", message);

    public static AdminException Invalid(string message, string? field = null) => new(400, "invalid_value", message, field);

    public static AdminException UnknownField(string field, string message) => new(400, "unknown_field", message, field);
}
