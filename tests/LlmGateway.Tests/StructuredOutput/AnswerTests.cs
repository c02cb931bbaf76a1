using System.Text.Json.Nodes;
using LlmGateway.Tests.Fakes;

namespace LlmGateway.Tests.StructuredOutput;

/// <summary>What is taken for a valid answer, and what is not, each with its place.</summary>
public sealed class AnswerTests
{
    private const string Valid =
        """
        {"name":"n","note":null,"whole":1,"money":1.10,"real":0.1,"mood":"Bad","tags":["a"],"gaps":["a",null],
         "counts":{"x":1},"first":{"text":"t","count":1},"lines":[{"text":"t","count":10}],"short":"abc"}
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_valid_answer_is_read_whole()
    {
        var answer = (await Ask<Everything>(Valid)).Content;

        Assert.Equal(("n", null, 1, 1.10m, 0.1, Mood.Bad, "abc"), (answer.Name, answer.Note, answer.Whole, answer.Money, answer.Real, answer.Mood, answer.Short));
        Assert.Equal(["a", null], answer.Gaps);
        Assert.Equal(new Line("t", 10), Assert.Single(answer.Lines));
    }

    [Fact]
    public async Task A_parameter_with_a_default_may_be_left_out()
        => Assert.Equal("x", (await Ask<Everything>(With(a => a.Remove("short")))).Content.Short);

    [Theory]
    [InlineData("name", null, "/name")]
    [InlineData("whole", null, "/whole")]
    [InlineData("money", null, "/money")]
    [InlineData("mood", null, "/mood")]
    [InlineData("tags", null, "/tags")]
    [InlineData("first", null, "/first")]
    [InlineData("name", "null", "/name")]
    [InlineData("whole", "null", "/whole")]
    [InlineData("tags", "[null]", "/tags/0")]
    [InlineData("counts", """{"x":null}""", "/counts/x")]
    [InlineData("lines", "[null]", "/lines/0")]
    [InlineData("first", """{"text":null,"count":1}""", "/first/text")]
    [InlineData("first", """{"text":"t"}""", "/first/count")]
    [InlineData("extra", "1", "/extra")]
    [InlineData("first", """{"text":"t","count":1,"extra":1}""", "/first/extra")]
    [InlineData("whole", "\"1\"", "/whole")]
    [InlineData("whole", "1.5", "/whole")]
    [InlineData("whole", "99999999999", "/whole")]
    [InlineData("name", "1", "/name")]
    [InlineData("mood", "\"Sad\"", "/mood")]
    [InlineData("mood", "1", "/mood")]
    [InlineData("real", "1e400", "/real")]
    [InlineData("money", "1e400", "/money")]
    [InlineData("money", "0.12345678901234567890123456789", "/money")]
    [InlineData("first", """{"text":"t","count":0}""", "/first/count")]
    [InlineData("lines", """[{"text":"t","count":1},{"text":"t","count":11}]""", "/lines/1/count")]
    [InlineData("short", "\"abcdef\"", "/short")]
    [InlineData("note", "[]", "/note")]
    public async Task What_does_not_fit_is_an_error_with_its_place(string member, string? json, string pointer)
    {
        var error = await Refused<Everything>(With(answer =>
        {
            if (json is null) answer.Remove(member);
            else answer[member] = JsonNode.Parse(json);
        }));

        Assert.Equal(pointer, Assert.Single(error.Errors).Pointer);
        Assert.NotEqual("", error.Errors[0].Message);
    }

    [Theory]
    [InlineData("1.10000000000000000000000000000000")]
    [InlineData("11e-1")]
    [InlineData("0.0000000000000000000000000001")]
    [InlineData("-0")]
    public async Task A_decimal_in_any_writing_that_fits_is_read(string number)
        => Assert.Equal(decimal.Parse(number, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture), (await Ask<decimal>($$"""{"value":{{number}}}""")).Content);

    [Fact]
    public async Task All_errors_are_told_and_not_only_the_first()
    {
        var error = await Refused<Everything>(With(a =>
        {
            a.Remove("name");
            a["whole"] = "x";
            a["tags"] = new JsonArray(null, 1);
            a["more"] = true;
        }));

        Assert.Equal(["/more", "/name", "/tags/0", "/tags/1", "/whole"], error.Errors.Select(e => e.Pointer).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("""{"count":1,"count":2,"note":null,"word":"a"}""", "/count")]
    [InlineData("", "")]
    [InlineData("Sure! The answer is 4.", "")]
    [InlineData("""{"count":1,"note":null""", "")]
    [InlineData("""{"count":1,"note":null,"word":"a"} {"count":""", "")]
    [InlineData("null", "")]
    [InlineData("[]", "")]
    public async Task What_is_not_one_json_object_is_an_error(string answer, string pointer)
        => Assert.Equal(pointer, Assert.Single((await Refused<Mutable>(answer)).Errors).Pointer);

    [Fact]
    public async Task A_settable_member_that_cannot_be_null_must_be_given_and_one_that_can_need_not()
    {
        Assert.Equal((3, null), ((await Ask<Mutable>("""{"count":3,"word":"a"}""")).Content is var ok ? (ok.Count, ok.Note) : default));
        Assert.Equal("/count", Assert.Single((await Refused<Mutable>("""{"word":"a"}""")).Errors).Pointer);
    }

    [Theory]
    [InlineData("""{"count":1,"word":"A1"}""")]
    [InlineData("""{"count":1,"word":null}""")]
    [InlineData("""{"count":1}""")]
    public async Task Attributes_of_properties_are_checked(string answer)
        => Assert.Equal("/word", Assert.Single((await Refused<Mutable>(answer)).Errors).Pointer);

    [Fact]
    public async Task An_object_that_validates_itself_is_asked()
    {
        var error = await Refused<Period>("""{"from":"2026-02-01","to":"2026-01-01"}""");

        Assert.Equal(new ValidationError("/to", "must not be before 'from'") { Value = "\"2026-01-01\"" }, Assert.Single(error.Errors));
    }

    [Fact]
    public async Task Derived_types_are_read_and_their_attributes_checked()
    {
        Assert.Equal(new Square(3), (await Ask<Shape>("""{"value":{"kind":"square","side":3}}""")).Content);
        Assert.Equal(new Square(3), (await Ask<Shape>("""{"value":{"side":3,"kind":"square"}}""")).Content);
        Assert.Equal("/radius", Assert.Single((await Refused<Shape>("""{"value":{"kind":"circle","radius":10}}""")).Errors).Pointer);
    }

    [Fact]
    public async Task A_type_that_holds_itself_is_checked_all_the_way_down()
    {
        Assert.Equal("c", (await Ask<Tree>("""{"name":"a","children":[{"name":"b","children":[{"name":"c","children":[]}]}]}""")).Content.Children[0].Children[0].Name);
        Assert.Equal("/children/0/children/0/name", Assert.Single((await Refused<Tree>("""{"name":"a","children":[{"name":"b","children":[{"children":[]}]}]}""")).Errors).Pointer);
    }

    [Fact]
    public async Task Odd_names_are_escaped_in_pointers()
        => Assert.Equal("/a~1b~0c.d", Assert.Single((await Refused<Odd>("""{"a/b~c.d":"x"}""")).Errors).Pointer);

    [Fact]
    public async Task Values_that_are_no_objects_are_wrapped_on_the_way_and_unwrapped_on_the_way_back()
    {
        Assert.Equal(4, (await Ask<int>("""{"value":4}""")).Content);
        Assert.Equal(["a"], (await Ask<List<string>>("""{"value":["a"]}""")).Content);
        Assert.Equal(Mood.Good, (await Ask<Mood>("""{"value":"Good"}""")).Content);
        Assert.Equal("/0/count", Assert.Single((await Refused<List<Line>>("""{"value":[{"text":"t","count":99}]}""")).Errors).Pointer);
        Assert.Equal("", Assert.Single((await Refused<int>("""{"value":null}""")).Errors).Pointer);
    }

    [Fact]
    public async Task A_code_fence_around_the_answer_is_taken_off_and_told()
    {
        var response = await Ask<int>("\n```json\n{\"value\":4}\n```\n");

        Assert.Equal((4, new Repair("code_fence", 1)), (response.Content, Assert.Single(response.Metadata.Repairs)));
    }

    [Fact]
    public async Task What_was_mended_in_an_answer_is_told()
    {
        var response = await Ask<Line>("Here it is: {'text':'t', count: 3,} I hope.");

        Assert.Equal(new Line("t", 3), response.Content);
        Assert.Equal(
            [new("surrounding_text", 0), new("single_quotes", 13), new("single_quotes", 20), new("unquoted_key", 25), new("trailing_comma", 33), new Repair("surrounding_text", 36)],
            response.Metadata.Repairs);
    }

    [Theory]
    [InlineData("""{"Text":"t","Count":1}""", true)]
    [InlineData("""{"text":"t","count":1}""", false)]
    [InlineData("""{"Text":"t","Count":"1"}""", false)]
    [InlineData("""{"Text":"t","Count":1,}""", true)]
    [InlineData("""{"Text":"t","Count":1,"Count":1}""", false)]
    [InlineData("""{"Text":"t","Count":11}""", false)]
    [InlineData("""{"Text":null,"Count":1}""", false)]
    public async Task A_source_generated_contract_keeps_its_names_and_every_check_is_on(string answer, bool isValid)
    {
        await using var client = new LlmClient(new ScriptedProvider(answer), new GatewayConfig { MaxReasks = 0 });

        var call = client.CompleteAsync("line", LaxJson.Default.Line, cancellationToken: Token);

        if (isValid) Assert.Equal(new Line("t", 1), (await call).Content);
        else await Assert.ThrowsAsync<ResponseValidationException>(() => call);
    }

    private static string With(Action<JsonObject> change)
    {
        var answer = JsonNode.Parse(Valid)!.AsObject();
        change(answer);
        return answer.ToJsonString();
    }

    private static async Task<LlmResponse<T>> Ask<T>(string answer)
    {
        await using var client = new LlmClient(new ScriptedProvider(answer), new GatewayConfig { MaxReasks = 0 });
        return await client.CompleteAsync<T>("question", cancellationToken: Token);
    }

    private static async Task<ResponseValidationException> Refused<T>(string answer)
    {
        var error = await Assert.ThrowsAsync<ResponseValidationException>(() => Ask<T>(answer));
        Assert.Equal(answer, error.RawText);
        return error;
    }
}
