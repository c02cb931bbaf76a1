namespace LlmGateway.Providers;

/// <summary>A provider that speaks one of the dialects over the wire, and can pass a request's own bytes on.</summary>
internal interface ISpeaksDialect
{
    /// <summary>The dialect's name.</summary>
    string Dialect { get; }
}
