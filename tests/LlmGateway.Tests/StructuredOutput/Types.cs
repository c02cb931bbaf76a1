using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace LlmGateway.Tests.StructuredOutput;

internal enum Mood
{
    Good,
    Bad,
}

internal sealed record Line(string Text, [Range(1, 10)] int Count);

internal sealed record Everything(
    string Name,
    string? Note,
    int Whole,
    decimal Money,
    double Real,
    Mood Mood,
    List<string> Tags,
    List<string?> Gaps,
    Dictionary<string, int> Counts,
    Line First,
    IReadOnlyList<Line> Lines,
    [StringLength(5)] string Short = "x");

internal sealed class Mutable
{
    [Description("how many there are")]
    public int Count { get; set; }

    public string? Note { get; set; }

    [RegularExpression("[a-z]+"), Required]
    public string? Word { get; set; }
}

internal sealed record Period(DateOnly From, DateOnly To) : IValidatableObject
{
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (To < From) yield return new ValidationResult("must not be before 'from'", [nameof(To)]);
    }
}

[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(Circle), "circle")]
[JsonDerivedType(typeof(Square), "square")]
internal abstract record Shape;

internal sealed record Circle([Range(1, 9)] int Radius) : Shape;

internal sealed record Square(int Side) : Shape;

internal sealed record Tree(string Name, List<Tree> Children);

internal sealed record Odd([property: JsonPropertyName("a/b~c.d")] int Value);

[JsonSourceGenerationOptions(PropertyNameCaseInsensitive = true, AllowTrailingCommas = true, NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(Line))]
[JsonSerializable(typeof(Everything))]
internal sealed partial class LaxJson : JsonSerializerContext;
