namespace LlmGateway.PriceData;

/// <summary>What one call costs: tokens times price, and fees. It collects the parts until one of them has no price.</summary>
internal sealed class UsageCost
{
    private readonly PriceChoice _choice;
    private readonly List<CostPart> _parts = [];

    private UsageCost(PriceChoice choice) => _choice = choice;

    private string? Because { get; set; }

    /// <summary>The reply with its cost and the parts of it; without both, and with the reason, where any part has no price.</summary>
    internal static PricedReply Of(VendorReply reply, PriceMatch? match, string? tier, string? region)
    {
        var priced = new PricedReply { Usage = reply.Usage, Match = match, ServiceTier = tier, Region = region };
        if (reply.Model is null) return Unpriced(priced, "the reply names no model");
        if (match is null) return Unpriced(priced, $"the price book has no price for the model '{reply.Model}'");
        if (reply.Billing.Unknown.Count > 0) return Unpriced(priced, $"it is billed by more than the price book can hold: {string.Join(", ", reply.Billing.Unknown)}");
        if (PriceChoice.Of(match.Price, tier, region, out var because) is not { } choice) return Unpriced(priced, because!);
        var cost = new UsageCost(choice);
        var input = cost.Input(reply.Usage);
        var output = cost.Output(reply.Usage);
        var fees = cost.Fees(reply.Billing.Fees);
        if (cost.Because is { } reason) return Unpriced(priced, reason);
        var usage = reply.Usage with { InputCostUsd = input, OutputCostUsd = output, FeesCostUsd = fees, TotalCostUsd = Money.Add(Money.Add(input, output), fees) };
        return priced with { Usage = usage, Parts = cost._parts.AsReadOnly() };
    }

    /// <summary>The prices that hold for a call with this many input tokens, each from its place in the prompt on.</summary>
    internal static List<(long From, ModelPrice Price)> Stretches(ModelPrice price, long inputTokens)
    {
        List<(long From, ModelPrice Price)> stretches = [(0, price)];
        foreach (var step in price.Steps)
        {
            if (inputTokens <= step.AboveInputTokens) break;
            if (!step.IsMarginal) stretches.Clear();
            stretches.Add((step.IsMarginal ? step.AboveInputTokens : 0, step.Price));
        }
        return stretches;
    }

    private static PricedReply Unpriced(PricedReply reply, string because) =>
        reply with { UnpricedBecause = because, Usage = reply.Usage with { InputCostUsd = null, OutputCostUsd = null, FeesCostUsd = null, TotalCostUsd = null } };

    private decimal Input(TokenUsage usage)
    {
        if (InputSplit.Of(usage, _choice.Price, out var because) is not { } split)
        {
            Because ??= because;
            return 0m;
        }

        var stretches = Stretches(_choice.Price, usage.InputTokens);
        if (stretches.Count > 1 && split.AudioRead + split.ImageRead + split.Audio + split.Image > 0)
            Because ??= "audio and images are priced apart, and the reply does not say which of them are above the step";
        var sum = 0m;
        var place = 0L;
        Kind("cache_read", split.Read, static p => p.CacheReadPerMillion ?? p.Ungiven);
        Kind("audio_cache_read", split.AudioRead, static p => p.AudioCacheReadPerMillion);
        Kind("image_cache_read", split.ImageRead, static p => p.ImageCacheReadPerMillion);
        Kind("cache_write_1h", split.Write1h, static p => p.CacheWrite1hPerMillion ?? p.Ungiven);
        Kind("cache_write", split.Write, static p => p.CacheWritePerMillion ?? p.Ungiven);
        Kind("input", split.Fresh, static p => p.InputPerMillion);
        Kind("audio_input", split.Audio, static p => p.AudioInputPerMillion);
        Kind("image_input", split.Image, static p => p.ImageInputPerMillion);
        return sum;

        void Kind(string kind, long tokens, Func<ModelPrice, decimal?> priceOf)
        {
            var end = place + tokens;
            for (var i = 0; i < stretches.Count && place < end; i++)
            {
                var until = i + 1 < stretches.Count ? Math.Min(stretches[i + 1].From, end) : end;
                if (until <= place) continue;
                sum = Money.Add(sum, Tokens(kind, until - place, priceOf(stretches[i].Price)));
                place = until;
            }
        }
    }

    private decimal Output(TokenUsage usage)
    {
        var price = Stretches(_choice.Price, usage.InputTokens)[^1].Price;
        var text = Tokens("output", usage.OutputTokens - usage.ReasoningTokens - usage.AudioOutputTokens - usage.ImageOutputTokens, price.OutputPerMillion);
        var reasoning = Tokens("reasoning", usage.ReasoningTokens, price.ReasoningPerMillion ?? price.OutputPerMillion);
        var audio = Tokens("audio_output", usage.AudioOutputTokens, price.AudioOutputPerMillion ?? price.Ungiven);
        var image = Tokens("image_output", usage.ImageOutputTokens, price.ImageOutputPerMillion ?? price.Ungiven);
        return Money.Add(Money.Add(text, reasoning), Money.Add(audio, image));
    }

    private decimal Fees(IReadOnlyList<BilledFee> said)
    {
        var sum = Request(said);
        // A row prices Google's grounding by the prompt or by the search, as the vendor does for its model.
        var grounded = _choice.Fees.ContainsKey(FeeKind.Grounding) || _choice.Fees.ContainsKey(FeeKind.GroundingQuery);
        foreach (var fee in said.Where(static fee => fee.Count > 0 && !IsRequest(fee.Kind)))
        {
            decimal? price = _choice.Fees.TryGetValue(fee.Kind, out var known) ? known : null;
            if (price is null && grounded && fee.Kind is FeeKind.Grounding or FeeKind.GroundingQuery) continue;
            sum = Money.Add(sum, Part(fee.Kind, fee.Count, price, $"the price of {fee.Kind} ({fee.Count}) is not known"));
        }
        return sum;
    }

    /// <summary>The fee for the call itself: by how much was searched, where the reply says so, else the one for every request.</summary>
    private decimal Request(IReadOnlyList<BilledFee> said)
    {
        var kind = said.FirstOrDefault(static fee => IsRequest(fee.Kind))?.Kind ?? FeeKind.Request;
        if (_choice.Fees.TryGetValue(kind, out var price)) return Part(kind, 1, price, "");
        if (kind != FeeKind.Request) Because ??= $"the price of {kind} is not known";
        else if (_choice.Fees.Keys.Any(IsRequest)) Because ??= "the price of a request depends on how much was searched, and the reply does not say";
        return 0m;
    }

    private static bool IsRequest(string kind) => kind == FeeKind.Request || kind.StartsWith(FeeKind.RequestOf, StringComparison.Ordinal);

    private decimal Tokens(string kind, long tokens, decimal? perMillion)
    {
        if (tokens == 0) return 0m;
        return Part(kind, tokens, perMillion is { } price ? Money.Times(Money.OfOne(price), _choice.Factor) : null, $"the price of {kind} tokens ({tokens}) is not known");
    }

    private decimal Part(string kind, long quantity, decimal? unitPrice, string because)
    {
        if (unitPrice is not { } price)
        {
            Because ??= because;
            return 0m;
        }

        var cost = Money.Times(quantity, price);
        _parts.Add(new CostPart(kind, quantity, price, cost));
        return cost;
    }
}
