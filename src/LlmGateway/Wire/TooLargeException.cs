namespace LlmGateway.Wire;

/// <summary>What comes is larger than it may be. No connection has failed, and to ask again does not help.</summary>
internal sealed class TooLargeException(string message) : IOException(message);
