using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LlmGateway.Tests.StructuredOutput;

internal enum Weather
{
    [Description("No cloud.")]
    Clear,

    [JsonStringEnumMemberName("rain-or-snow")]
    [Description("Any wet.")]
    Wet,
}

[Flags]
internal enum Rights
{
    None = 0,
    Read = 1,
    Write = 2,
}

internal sealed record Times(DateTime At, DateTimeOffset Seen, DateOnly Day, TimeOnly Hour, TimeSpan Long, Guid Id, Uri Link, byte[] Blob, char Letter);

internal sealed record Numbers(int I, long L, decimal M, double D, float? F);

internal sealed record Collections(List<int> List, string[] Array, HashSet<Weather> Set, Dictionary<string, decimal> Map, Dictionary<string, List<string?>> Deep, IReadOnlyList<int?> Gaps);

internal sealed record Optional(string Must, string? May, Weather? Sky, string Word = "x", int Count = 3, Weather Mood = Weather.Wet, string? None = null);

internal sealed class Settable
{
    public required string Must { get; set; }

    public string? May { get; set; }

    public int Count { get; set; }

    [DefaultValue(7)]
    public int? Seven { get; set; }

    [JsonIgnore]
    public int Hidden { get; set; }

    public int Computed => Count + 1;
}

[Description("A place.")]
internal sealed record Place([property: Description("Its name.")] string Name, Weather Sky, [Description("Where it lies.")] Point At, Point To);

[Description("A point.")]
internal sealed record Point(int X, int Y);

internal sealed record Drawing(Shape Main, Shape? Other, List<Shape> All);

internal sealed record Node(string Name, List<Node> Children, [property: Description("The one beside it.")] Node? Next);

[JsonPolymorphic(TypeDiscriminatorPropertyName = "op")]
[JsonDerivedType(typeof(Constant), "constant")]
[JsonDerivedType(typeof(Sum), "sum")]
internal abstract record Expression;

internal sealed record Constant(int Value) : Expression;

internal sealed record Sum(Expression Left, Expression Right) : Expression;

internal sealed class Nest : List<Nest>;

internal sealed record Anything(JsonElement Element, [property: Description("Whatever.")] object Thing);

internal sealed class Extended
{
    public int Known { get; set; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Rest { get; set; }
}

internal sealed class Annotated
{
    [Range(1, 10)]
    public int Whole { get; set; }

    [Range(0.5, double.PositiveInfinity, MinimumIsExclusive = true)]
    public double Real { get; set; }

    [Range(typeof(decimal), "0.01", "99.99", ParseLimitsInInvariantCulture = true, MaximumIsExclusive = true)]
    public decimal Money { get; set; }

    [Range(typeof(long), "-9223372036854775808", "9223372036854775807")]
    public long Long { get; set; }

    [Range(typeof(DateOnly), "2020-01-01", "2030-12-31")]
    public DateOnly Day { get; set; }

    [StringLength(5, MinimumLength = 2)]
    public string Short { get; set; } = "";

    [Length(1, 3)]
    public List<int> Few { get; set; } = [];

    [MinLength(1), MaxLength(4)]
    public Dictionary<string, int> Entries { get; set; } = [];

    [MaxLength(16)]
    public byte[] Bytes { get; set; } = [];

    [Required]
    public string? Needed { get; set; }

    [Required(AllowEmptyStrings = true)]
    public string? Empty { get; set; }

    [RegularExpression("a|b")]
    public string Either { get; set; } = "";

    [RegularExpression("^[A-Z]{2}$")]
    public string Code { get; set; } = "";

    [RegularExpression("(?i)yes")]
    public string Loud { get; set; } = "";

    [EmailAddress]
    public string Mail { get; set; } = "";

    [Url]
    public string Page { get; set; } = "";

    [Phone]
    public string Tel { get; set; } = "";

    [CreditCard]
    public string Card { get; set; } = "";

    [FileExtensions(Extensions = "png,jpg")]
    public string File { get; set; } = "";

    [Base64String]
    public string Coded { get; set; } = "";

    [AllowedValues("a", "b")]
    public string Pick { get; set; } = "";

    [DeniedValues(0, 13)]
    public int Lucky { get; set; } = 1;

    [AllowedValues(Weather.Wet)]
    public Weather Sky { get; set; } = Weather.Wet;

    [EnumDataType(typeof(Weather))]
    public string Name { get; set; } = "Clear";

    [EnumDataType(typeof(Rights))]
    public string Right { get; set; } = "Read";

    [Compare(nameof(Short))]
    public string Again { get; set; } = "";
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true)]
[JsonSerializable(typeof(Optional))]
[JsonSerializable(typeof(Node))]
internal sealed partial class SnakeJson : JsonSerializerContext;

[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(Cat), "cat")]
[JsonDerivedType(typeof(Dog), "dog")]
internal abstract record Pet;

internal sealed record Cat(string Name = "Tom") : Pet;

internal sealed record Dog(string Name, int Age = 4) : Pet;
