namespace LlmGateway.Dialects.Tests.Laws;

/// <summary>The dialects that the laws are held against.</summary>
public static class All
{
    static All() => Providers = new ProviderRegistry().AddBedrock();

    internal static ProviderRegistry Providers { get; }

    public static TheoryData<string> Names => [.. Dialect.Names];

    internal static IDialect Of(string name) => Dialect.Find(name)!;
}
