using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace LlmGateway.StructuredOutput.Extraction;

/// <summary>
/// Changes values of a wrong type into the one that a schema asks for, where nothing is lost and nothing guessed. It only
/// touches what breaks the schema (or is a whole number written with a point), and its result is validated again.
/// </summary>
internal sealed class Coercer
{
    private readonly ExpectationReader _schema;
    private readonly ArrayBufferWriter<byte> _output = new();
    private readonly List<AppliedCoercion> _applied = [];
    private readonly JsonPlace _place = new();

    private Coercer(JsonElement schema) => _schema = new ExpectationReader(schema);

    /// <summary>The changed value and what was changed; null where nothing was. The value is not yet known to be valid.</summary>
    public static (JsonDocument Value, IReadOnlyList<AppliedCoercion> Applied)? Coerce(JsonElement value, JsonElement schema)
    {
        if (HalfSurrogates.Find(value) is not null) return null;
        var coercer = new Coercer(schema);
        coercer.Write(value, [schema]);
        if (coercer._applied.Count == 0) return null;
        return (JsonDocument.Parse(coercer._output.WrittenMemory, new JsonDocumentOptions { MaxDepth = 8 * LenientParser.MaxDepth }), coercer._applied);
    }

    /// <param name="value">The value.</param>
    /// <param name="schemas">All that are asked of it.</param>
    /// <param name="mayWrap">Whether a list may be made of it. Not of what was just put into one: a list of lists of such would have no end.</param>
    private void Write(JsonElement value, List<JsonElement> schemas, bool mayWrap = true)
    {
        var expected = schemas.Count == 0 ? Expectation.Anything : _schema.Read(schemas, value);
        if (expected.Allows(value)) WriteFitting(value, expected);
        else WriteMisfit(value, expected, mayWrap);
    }

    private void WriteFitting(JsonElement value, Expectation expected)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(value, expected);
                break;
            case JsonValueKind.Array:
                WriteArray(value, expected);
                break;
            case JsonValueKind.Number when !expected.Types.HasFlag(ExpectedTypes.Number) && WholeNumber.Plain(value.GetRawText()) is { } plain && plain != value.GetRawText():
                Replace("integer_form", value, Encoding.UTF8.GetBytes(plain));
                break;
            case JsonValueKind.String when expected.OtherCase(value) is { } name:
                Replace("enum_case", value, JsonMarshal.GetRawUtf8Value(name));
                break;
            default:
                _output.Write(JsonMarshal.GetRawUtf8Value(value));
                break;
        }
    }

    private void WriteMisfit(JsonElement value, Expectation expected, bool mayWrap)
    {
        switch (expected.Find(value))
        {
            case Conversion.Number:
                Replace("number_from_string", value, Encoding.UTF8.GetBytes(expected.NumberText(value.GetString()!)!));
                break;
            case Conversion.Boolean:
                Replace("boolean_from_string", value, Encoding.UTF8.GetBytes(value.GetString()!));
                break;
            case Conversion.Null:
                Replace("null_from_string", value, "null"u8);
                break;
            case Conversion.String:
                Replace("string_from_number", value, Encoding.UTF8.GetBytes($"\"{value.GetRawText()}\""));
                break;
            case Conversion.Json:
                WriteJson(value, expected);
                break;
            case Conversion.List when mayWrap:
                WriteList(value, expected);
                break;
            default:
                _output.Write(JsonMarshal.GetRawUtf8Value(value));
                break;
        }
    }

    private void WriteObject(JsonElement value, Expectation expected)
    {
        Write('{');
        var isFirst = true;
        foreach (var member in value.EnumerateObject())
        {
            if (!isFirst) Write(',');
            isFirst = false;
            Write('"');
            _output.Write(JsonMarshal.GetRawUtf8PropertyName(member));
            Write('"');
            Write(':');
            _place.Enter(member.Name);
            Write(member.Value, expected.SchemasOf(member));
            _place.Leave();
        }

        Write('}');
    }

    private void WriteArray(JsonElement value, Expectation expected)
    {
        Write('[');
        var index = 0;
        foreach (var item in value.EnumerateArray())
        {
            if (index > 0) Write(',');
            _place.Enter(index);
            Write(item, expected.SchemasOf(index));
            _place.Leave();
            index++;
        }

        Write(']');
    }

    /// <summary>An object or a list that the model wrote as the text of a string.</summary>
    private void WriteJson(JsonElement value, Expectation expected)
    {
        using var inner = Expectation.ParseContainer(value.GetString()!)!;
        Report("json_from_string", value, () => WriteFitting(inner.RootElement, expected));
    }

    private void WriteList(JsonElement value, Expectation expected) => Report("list_from_item", value, () =>
    {
        Write('[');
        _place.Enter(0);
        Write(value, expected.SchemasOf(0), mayWrap: false);
        _place.Leave();
        Write(']');
    });

    private void Replace(string kind, JsonElement value, ReadOnlySpan<byte> json)
    {
        _applied.Add(new AppliedCoercion(kind, _place.ToString(), value.GetRawText(), Encoding.UTF8.GetString(json)));
        _output.Write(json);
    }

    /// <summary>The outer change stands before those inside it.</summary>
    private void Report(string kind, JsonElement value, Action write)
    {
        var index = _applied.Count;
        var start = _output.WrittenCount;
        var pointer = _place.ToString();
        write();
        _applied.Insert(index, new AppliedCoercion(kind, pointer, value.GetRawText(), Encoding.UTF8.GetString(_output.WrittenSpan[start..])));
    }

    private void Write(char c) => _output.Write([(byte)c]);
}
