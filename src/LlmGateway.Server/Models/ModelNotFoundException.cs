namespace LlmGateway.Server.Models;

/// <summary>A caller asked for a model that there is not. The message says what to do.</summary>
internal sealed class ModelNotFoundException(string message) : Exception(message);
