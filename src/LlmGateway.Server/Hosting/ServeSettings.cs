namespace LlmGateway.Server.Hosting;

/// <summary>Where and how the gateway listens when it is a process of its own.</summary>
internal sealed record ServeSettings
{
    /// <summary>The address, an IP address or <c>localhost</c>. Default this machine alone.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>The port; 0 for a free one.</summary>
    public int Port { get; init; }

    /// <summary>Whether it may be reached from other machines without keys.</summary>
    public bool Insecure { get; init; }

    /// <summary>The certificate for TLS, a PEM file; null for none.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>Its key, a PEM file; null where the certificate's file holds it.</summary>
    public string? CertificateKeyFile { get; init; }
}
