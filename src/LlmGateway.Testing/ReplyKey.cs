namespace LlmGateway.Testing;

/// <summary>What kind of answer a reply is for: a type, JSON of a schema without a type, or text.</summary>
internal readonly record struct ReplyKey(Type? Type, bool IsJson)
{
    public static ReplyKey Text => new(null, IsJson: false);

    public static ReplyKey Json => new(null, IsJson: true);

    public static ReplyKey For(Type type) => new(type, IsJson: true);

    public static ReplyKey Of(LlmRequest request) => request switch
    {
        { OutputType: { } type } => For(type),
        { OutputSchema: not null } => Json,
        _ => Text,
    };

    /// <summary>The type as C# writes it, near enough to copy.</summary>
    public static string Display(Type type)
    {
        if (!type.IsGenericType) return type.Name;
        var name = type.Name.AsSpan(0, type.Name.IndexOf('`', StringComparison.Ordinal) is >= 0 and var tick ? tick : type.Name.Length);
        return $"{name}<{string.Join(", ", type.GetGenericArguments().Select(Display))}>";
    }
}
