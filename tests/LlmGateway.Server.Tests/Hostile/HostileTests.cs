namespace LlmGateway.Server.Tests.Hostile;

/// <summary>What loads the machine runs by itself, so that it neither slows other tests down nor is slowed down by them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class HostileTests
{
    public const string Name = "hostile";
}
