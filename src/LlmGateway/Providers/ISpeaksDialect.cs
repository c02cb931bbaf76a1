namespace LlmGateway.Providers;

/// <summary>A provider that speaks one of the dialects over the wire, and can pass a request's own bytes on.</summary>
internal interface ISpeaksDialect
{
    /// <summary>The dialect's name.</summary>
    string Dialect { get; }

    /// <summary>Whether the vendor is known to refuse a member of a request, so that it would be left out.</summary>
    /// <param name="member">A name of the top level, in the wire's spelling.</param>
    bool Refuses(string member);
}
