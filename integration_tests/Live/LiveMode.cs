namespace LlmGateway.IntegrationTests.Live;

/// <summary>Whether and how the live tests run.</summary>
public enum LiveMode
{
    /// <summary>They are skipped, and say why.</summary>
    Off,

    /// <summary>Against whatever the <c>LLM_*</c> names say: <c>LLM_LIVE=1</c>.</summary>
    Live,

    /// <summary>The real <c>claude</c> CLI against a server on 127.0.0.1: <c>LOOPBACK_LIVE=1</c>.</summary>
    Loopback,
}
