namespace LlmGateway.Routing.Targets;

/// <summary>Why a target is passed over for now.</summary>
internal enum Obstacle
{
    None,
    Circuit,
    CoolDown,
    VendorLimit,
    RateLimit,
    Full,
}

/// <summary>Obstacles in words, for the record.</summary>
internal static class Obstacles
{
    public static string InWords(this Obstacle obstacle) => obstacle switch
    {
        Obstacle.Circuit => "it failed too often of late",
        Obstacle.CoolDown => "its vendor asked to wait",
        Obstacle.VendorLimit => "its vendor's limit is used up",
        Obstacle.RateLimit => "its limit a minute is used up",
        Obstacle.Full => "as many requests as it may have are under way there",
        _ => "it may be asked",
    };
}
