using LlmGateway.Wire;

namespace LlmGateway.Tests.Wire;

public class RetryAfterTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(null, null, null)]
    [InlineData(null, "5", 5000.0)]
    [InlineData(null, "0", 0.0)]
    [InlineData(null, "1.5", 1500.0)]
    [InlineData(null, "-3", 0.0)]
    [InlineData(null, "soon", null)]
    [InlineData(null, "NaN", null)]
    [InlineData(null, "", null)]
    [InlineData("250", null, 250.0)]
    [InlineData("250", "5", 250.0)]
    [InlineData("junk", "5", 5000.0)]
    [InlineData(null, "Sun, 01 Mar 2026 12:00:30 GMT", 30_000.0)]
    [InlineData(null, "Sunday, 01-Mar-26 12:00:30 GMT", 30_000.0)]
    [InlineData(null, "Sun Mar  1 12:00:30 2026", 30_000.0)]
    [InlineData(null, "Sun, 01 Mar 2020 12:00:30 GMT", 0.0)]
    [InlineData(null, "1-2", null)]
    [InlineData(null, "9999999999999999999999", 31_536_000_000.0)]
    public void A_wait_is_read(string? ms, string? seconds, double? milliseconds)
    {
        using var response = new HttpResponseMessage();
        if (ms is not null) response.Headers.TryAddWithoutValidation("retry-after-ms", ms);
        if (seconds is not null) response.Headers.TryAddWithoutValidation("Retry-After", seconds);

        Assert.Equal(milliseconds, RetryAfter.Read(response.Headers, Now)?.TotalMilliseconds);
    }
}
