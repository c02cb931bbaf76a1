using LlmGateway.Routing.Targets;
using LlmGateway.Tests.Fakes;
using Microsoft.Extensions.Time.Testing;

namespace LlmGateway.Tests.Routing.Targets;

/// <summary>Targets and what they are asked, for tests.</summary>
internal static class Making
{
    public static readonly TimeSpan AttemptTime = TimeSpan.FromSeconds(60);

    public static RequestNeeds Hello => new(new LlmRequest { Messages = [LlmMessage.User("hello, you")] });

    public static Target Target(FakeTimeProvider time, string model = "m", Func<RouteTarget, RouteTarget>? with = null, ModelCapabilities? can = null)
        => Target(new TargetPool(time), model, with, can);

    public static Target Target(TargetPool pool, string model = "m", Func<RouteTarget, RouteTarget>? with = null, ModelCapabilities? can = null, string vendor = "fake")
    {
        var options = new RouteTarget { Vendor = vendor, Model = model };
        return pool.Get(with is null ? options : with(options), new ScriptedProvider { Name = vendor, Billing = ProviderBilling.PriceBook, Capabilities = can ?? ModelCapabilities.Basic });
    }

    public static ProviderException Error(ProviderErrorKind kind, TimeSpan? retryAfter = null) => new("fake", kind, "it failed") { RetryAfter = retryAfter };

    /// <summary>An attempt that ends at once.</summary>
    public static void Attempt(this Target target, ProviderErrorKind? error = null, TimeSpan? took = null)
    {
        Assert.Equal(Obstacle.None, target.TryBegin(Hello, AttemptTime, out var pass, isLastResort: true));
        target.Ended(pass, error is { } kind ? Error(kind) : null, took, null);
    }

    public static void Open(this Target target)
    {
        for (var i = 0; i < 5; i++) target.Attempt(ProviderErrorKind.ServerError);
        Assert.Equal(CircuitState.Open, target.Circuit.State);
    }
}
