using System.Text.Json;
using System.Text.Json.Nodes;
using LlmGateway.StructuredOutput;

namespace LlmGateway.Tests.StructuredOutput;

/// <summary>The whole schema of each kind of type, as the model is shown it.</summary>
public sealed class SchemaExporterTests
{
    private const string Wet = """{"type":"string","enum":["Clear","rain-or-snow"],"description":"Clear: No cloud. rain-or-snow: Any wet."}""";
    private const string Circle = """{"type":"object","properties":{"kind":{"type":"string","const":"circle"},"radius":{"type":"integer","minimum":1,"maximum":9}},"required":["kind","radius"],"additionalProperties":false}""";
    private const string Square = """{"type":"object","properties":{"kind":{"type":"string","const":"square"},"side":{"type":"integer"}},"required":["kind","side"],"additionalProperties":false}""";

    [Fact]
    public void Times_and_texts_have_their_formats() => AssertSchema<Times>(
        """
        {"type":"object","properties":{
          "at":{"type":"string","format":"date-time"},"seen":{"type":"string","format":"date-time"},"day":{"type":"string","format":"date"},
          "hour":{"type":"string","pattern":"^([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(\\.\\d{1,7})?$"},
          "long":{"type":"string","pattern":"^-?(\\d+\\.)?\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,7})?$"},
          "id":{"type":"string","format":"uuid"},"link":{"type":"string","format":"uri"},"blob":{"type":"string","contentEncoding":"base64"},"letter":{"type":"string","minLength":1,"maxLength":1}},
         "required":["at","seen","day","hour","long","id","link","blob","letter"],"additionalProperties":false}
        """);

    [Fact]
    public void Numbers_are_whole_or_not() => AssertSchema<Numbers>(
        """
        {"type":"object","properties":{"i":{"type":"integer"},"l":{"type":"integer"},"m":{"type":"number"},"d":{"type":"number"},"f":{"type":["number","null"]}},
         "required":["i","l","m","d","f"],"additionalProperties":false}
        """);

    [Fact]
    public void Lists_sets_and_dictionaries_say_what_they_hold() => AssertSchema<Collections>(
        """
        {"type":"object","properties":{
          "list":{"type":"array","items":{"type":"integer"}},"array":{"type":"array","items":{"type":"string"}},"set":{"type":"array","items":<wet>},
          "map":{"type":"object","additionalProperties":{"type":"number"}},
          "deep":{"type":"object","additionalProperties":{"type":"array","items":{"type":["string","null"]}}},
          "gaps":{"type":"array","items":{"type":["integer","null"]}}},
         "required":["list","array","set","map","deep","gaps"],"additionalProperties":false}
        """);

    [Fact]
    public void Parameters_with_a_default_are_optional_and_say_it() => AssertSchema<Optional>(
        """
        {"type":"object","properties":{
          "must":{"type":"string"},"may":{"type":["string","null"]},
          "sky":{"type":["string","null"],"enum":["Clear","rain-or-snow",null],"description":"Clear: No cloud. rain-or-snow: Any wet."},
          "word":{"type":"string","default":"x"},"count":{"type":"integer","default":3},
          "mood":{"type":"string","enum":["Clear","rain-or-snow"],"default":"rain-or-snow","description":"Clear: No cloud. rain-or-snow: Any wet."},
          "none":{"type":["string","null"],"default":null}},
         "required":["must","may","sky"],"additionalProperties":false}
        """);

    [Fact]
    public void Settable_members_are_required_unless_they_may_be_null() => AssertSchema<Settable>(
        """
        {"type":"object","properties":{"must":{"type":"string"},"may":{"type":["string","null"]},"count":{"type":"integer"},"seven":{"type":["integer","null"],"default":7}},
         "required":["must","count"],"additionalProperties":false}
        """);

    [Fact]
    public void A_members_description_comes_before_its_types() => AssertSchema<Place>(
        """
        {"type":"object","description":"A place.","properties":{
          "name":{"type":"string","description":"Its name."},"sky":<wet>,
          "at":{"type":"object","description":"Where it lies.","properties":{"x":{"type":"integer"},"y":{"type":"integer"}},"required":["x","y"],"additionalProperties":false},
          "to":{"type":"object","description":"A point.","properties":{"x":{"type":"integer"},"y":{"type":"integer"}},"required":["x","y"],"additionalProperties":false}},
         "required":["name","sky","at","to"],"additionalProperties":false}
        """);

    [Fact]
    public void A_union_is_a_choice_of_whole_branches() => AssertSchema<Shape>("""{"anyOf":[<circle>,<square>]}""");

    [Fact]
    public void Unions_stand_in_members_and_lists_and_may_be_null() => AssertSchema<Drawing>(
        """
        {"type":"object","properties":{
          "main":{"anyOf":[<circle>,<square>]},
          "other":{"anyOf":[<circle>,<square>,{"type":"null"}]},
          "all":{"type":"array","items":{"anyOf":[<circle>,<square>]}}},
         "required":["main","other","all"],"additionalProperties":false}
        """);

    [Fact]
    public void A_type_that_holds_itself_has_a_name()
    {
        const string body =
            """
            "type":"object","properties":{"name":{"type":"string"},"children":{"type":"array","items":{"$ref":"#/$defs/Node"}},
              "next":{"anyOf":[{"$ref":"#/$defs/Node"},{"type":"null"}],"description":"The one beside it."}},
             "required":["name","children","next"],"additionalProperties":false
            """;

        AssertSchema<Node>("""{<body>,"$defs":{"Node":{<body>}}}""".Replace("<body>", body, StringComparison.Ordinal));
        AssertSchema<List<Node>>("""{"type":"array","items":{"$ref":"#/$defs/Node"},"$defs":{"Node":{<body>}}}""".Replace("<body>", body, StringComparison.Ordinal));
    }

    [Fact]
    public void A_union_that_holds_itself_has_a_name()
    {
        const string choice =
            """
            "anyOf":[{"type":"object","properties":{"op":{"type":"string","const":"constant"},"value":{"type":"integer"}},"required":["op","value"],"additionalProperties":false},
              {"type":"object","properties":{"op":{"type":"string","const":"sum"},"left":{"$ref":"#/$defs/Expression"},"right":{"$ref":"#/$defs/Expression"}},"required":["op","left","right"],"additionalProperties":false}]
            """;

        AssertSchema<Expression>("""{<choice>,"$defs":{"Expression":{<choice>}}}""".Replace("<choice>", choice, StringComparison.Ordinal));
    }

    [Fact]
    public void A_list_that_holds_itself_has_a_name()
        => AssertSchema<Nest>("""{"type":"array","items":{"$ref":"#/$defs/Nest"},"$defs":{"Nest":{"type":"array","items":{"$ref":"#/$defs/Nest"}}}}""");

    [Fact]
    public void Any_value_and_members_of_any_name_are_left_open()
    {
        AssertSchema<Anything>("""{"type":"object","properties":{"element":true,"thing":{"description":"Whatever."}},"required":["element","thing"],"additionalProperties":false}""");
        AssertSchema<Extended>("""{"type":"object","properties":{"known":{"type":"integer"}},"required":["known"],"additionalProperties":true}""");
    }

    [Theory]
    [InlineData(typeof(int), """{"type":"integer"}""")]
    [InlineData(typeof(bool), """{"type":"boolean"}""")]
    [InlineData(typeof(string), """{"type":"string"}""")]
    [InlineData(typeof(Weather), Wet)]
    [InlineData(typeof(List<string>), """{"type":"array","items":{"type":"string"}}""")]
    public void Roots_need_not_be_objects(Type type, string expected) => AssertSame(expected, Of(type));

    [Theory]
    [InlineData("whole", """{"type":"integer","minimum":1,"maximum":10}""")]
    [InlineData("real", """{"type":"number","exclusiveMinimum":0.5}""")]
    [InlineData("money", """{"type":"number","minimum":0.01,"exclusiveMaximum":99.99}""")]
    [InlineData("long", """{"type":"integer","minimum":-9223372036854775808,"maximum":9223372036854775807}""")]
    [InlineData("day", """{"type":"string","format":"date","description":"(from 2020-01-01) (to 2030-12-31)"}""")]
    [InlineData("short", """{"type":"string","minLength":2,"maxLength":5}""")]
    [InlineData("few", """{"type":"array","items":{"type":"integer"},"minItems":1,"maxItems":3}""")]
    [InlineData("entries", """{"type":"object","additionalProperties":{"type":"integer"},"minProperties":1,"maxProperties":4}""")]
    [InlineData("bytes", """{"type":"string","contentEncoding":"base64","description":"(at most 16 bytes)"}""")]
    [InlineData("needed", """{"type":"string","minLength":1}""")]
    [InlineData("empty", """{"type":"string"}""")]
    [InlineData("either", """{"type":"string","pattern":"^(?:a|b)$"}""")]
    [InlineData("code", """{"type":"string","pattern":"^[A-Z]{2}$"}""")]
    [InlineData("loud", """{"type":"string","description":"(must match the .NET regular expression (?i)yes as a whole)"}""")]
    [InlineData("mail", """{"type":"string","format":"email"}""")]
    [InlineData("page", """{"type":"string","format":"uri","description":"(a full address that begins with http://, https:// or ftp://)"}""")]
    [InlineData("tel", """{"type":"string","description":"(a telephone number)"}""")]
    [InlineData("card", """{"type":"string","description":"(a credit card number)"}""")]
    [InlineData("file", """{"type":"string","description":"(a file name that ends with one of: .png, .jpg)"}""")]
    [InlineData("coded", """{"type":"string","contentEncoding":"base64"}""")]
    [InlineData("pick", """{"type":"string","enum":["a","b"]}""")]
    [InlineData("lucky", """{"type":"integer","not":{"enum":[0,13]}}""")]
    [InlineData("sky", """{"type":"string","enum":["rain-or-snow"],"description":"Clear: No cloud. rain-or-snow: Any wet."}""")]
    [InlineData("name", """{"type":"string","enum":["Clear","Wet"]}""")]
    [InlineData("right", """{"type":"string"}""")]
    [InlineData("again", """{"type":"string","description":"(the same as short)"}""")]
    public void Each_attribute_has_its_keyword_or_its_words(string member, string expected)
    {
        var schema = Of(typeof(Annotated));

        AssertSame(expected, schema.GetProperty("properties").GetProperty(member));
        Assert.Contains("needed", schema.GetProperty("required").EnumerateArray().Select(r => r.GetString()));
    }

    [Fact]
    public void A_source_generated_contract_gives_its_own_names()
    {
        var schema = SchemaExporter.ForModel(StrictOptions.From(SnakeJson.Default.Options).ForSchema(UnknownMembers.Error).GetTypeInfo(typeof(Optional)));

        Assert.Equal(["must", "may", "sky", "word", "count", "mood", "none"], schema.GetProperty("properties").EnumerateObject().Select(p => p.Name));
        Assert.Equal("rain-or-snow", schema.GetProperty("properties").GetProperty("mood").GetProperty("default").GetString());
    }

    [Theory]
    [InlineData("^a$", "^a$")]
    [InlineData("^a|b$", "^(?:^a|b$)$")]
    [InlineData(@"a\$", @"^(?:a\$)$")]
    [InlineData(@"^a\$", @"^(?:^a\$)$")]
    [InlineData(@"(?<year>\d{4})-(?:a)(?=b)(?<!c)", @"^(?:(?<year>\d{4})-(?:a)(?=b)(?<!c))$")]
    [InlineData(@"\p{L}+[(?i)]", @"^(?:\p{L}+[(?i)])$")]
    [InlineData(@"\Aa\z", null)]
    [InlineData("(?>a)", null)]
    [InlineData("(?'n'a)", null)]
    [InlineData("(?<a-b>c)", null)]
    [InlineData("(?#note)a", null)]
    [InlineData("[a-z-[aeiou]]", null)]
    [InlineData(@"\p{IsGreek}", null)]
    public void Patterns_of_both_languages_stand_and_those_of_NET_alone_do_not(string pattern, string? expected)
        => Assert.Equal(expected, AttributePattern.Of(pattern));

    [Fact]
    public void A_contract_and_its_schema_are_made_once()
    {
        Assert.Same(TypeContract<Node>.ByReflection(UnknownMembers.Error), TypeContract<Node>.ByReflection(UnknownMembers.Error));
        Assert.Same(TypeContract<Node>.Of(SnakeJson.Default.Node, UnknownMembers.Error), TypeContract<Node>.Of(SnakeJson.Default.Node, UnknownMembers.Error));
    }

    [Fact]
    public void What_is_no_object_at_its_root_is_wrapped_with_its_names()
    {
        var schema = TypeContract<List<Nest>>.ByReflection(UnknownMembers.Error).Schema;

        AssertSame(
            """
            {"type":"object","properties":{"value":{"type":"array","items":{"$ref":"#/$defs/Nest"}}},"required":["value"],"additionalProperties":false,
             "$defs":{"Nest":{"type":"array","items":{"$ref":"#/$defs/Nest"}}}}
            """,
            schema);
    }

    private static JsonElement Of(Type type) => SchemaExporter.ForModel(StrictOptions.ByReflection().ForSchema(UnknownMembers.Error).GetTypeInfo(type));

    private static void AssertSchema<T>(string expected) => AssertSame(expected, Of(typeof(T)));

    private static void AssertSame(string expected, JsonElement actual)
        => Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Whole(expected)), JsonNode.Parse(actual.GetRawText())), actual.GetRawText());

    private static string Whole(string expected) => expected
        .Replace("<wet>", Wet, StringComparison.Ordinal)
        .Replace("<circle>", Circle, StringComparison.Ordinal)
        .Replace("<square>", Square, StringComparison.Ordinal);
}
