using System.Text.Json.Serialization;

namespace LlmGateway.Testing.Tests;

public sealed record Answer(int Result);

/// <summary>Looks like a wrapper, and is none.</summary>
public sealed record Measure(int Value);

public sealed record City(string Name, Mood Mood);

[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(Circle), "circle")]
[JsonDerivedType(typeof(Square), "square")]
public abstract record Shape;

public sealed record Circle(int Radius) : Shape;

public sealed record Square(int Side) : Shape;

public enum Mood
{
    Calm,
    LoudAndGay,
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Answer))]
[JsonSerializable(typeof(List<int>))]
internal sealed partial class ModelContext : JsonSerializerContext;
