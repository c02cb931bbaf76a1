namespace LlmGateway;

/// <summary>One way in which <see cref="MisbehavingServer"/> goes wrong. Immutable.</summary>
public sealed record MisbehavingFault
{
    internal MisbehavingFault(string name, string form, string description)
    {
        Name = name;
        Form = form;
        Description = description;
    }

    /// <summary>The name, which is a model's name: <c>cut</c>.</summary>
    public string Name { get; }

    /// <summary>The name with what may stand behind it: <c>stalls[-Ns][-after-N]</c>. <c>-once</c>, <c>-Nx</c> and <c>-for-Ns</c> may stand behind every one.</summary>
    public string Form { get; }

    /// <summary>What the caller gets, in a sentence.</summary>
    public string Description { get; }
}
