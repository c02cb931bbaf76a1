namespace LlmGateway.PriceData;

/// <summary>The most that a request can cost.</summary>
internal static class CostBound
{
    public static decimal? Of(ModelPrice price, long inputTokens, long outputTokens, string? requestedTier, string? region)
    {
        var most = 0m;
        foreach (var p in (IEnumerable<ModelPrice>)[price, .. price.Steps.Where(s => s.AboveInputTokens < inputTokens).Select(s => s.Price)])
        {
            var input = Math.Max(Math.Max(p.InputPerMillion, p.CacheReadPerMillion ?? 0), Math.Max(p.CacheWritePerMillion ?? 0, p.CacheWrite1hPerMillion ?? 0));
            var output = Math.Max(p.OutputPerMillion, p.ReasoningPerMillion ?? 0);
            most = Math.Max(most, Money.Add(Money.Of(inputTokens, input), Money.Of(outputTokens, output)));
        }

        return price.AudioPricedApart ? null : most;
    }
}
