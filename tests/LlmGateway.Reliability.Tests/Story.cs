namespace LlmGateway.Reliability.Tests;

/// <summary>What every healthy model answers.</summary>
internal static class Story
{
    private static readonly Lazy<string> Known = new(Ask);

    public static string Text => Known.Value;

    public const int Length = 600;

    public const int Half = Length / 2;

    /// <summary>As a healthy vendor tells it.</summary>
    private static string Ask()
    {
        var text = Task.Run(async () =>
        {
            await using var server = new MisbehavingServer();
            await using var client = new LlmClient(new GatewayConfig { Provider = "openai", Model = "ok", BaseUrl = server.Url, ApiKey = "any" });
            return (await client.CompleteTextAsync("?")).Content;
        }).GetAwaiter().GetResult();
        Assert.Equal(Length, text.Length);
        return text;
    }
}
