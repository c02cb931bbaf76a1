namespace LlmGateway.StructuredOutput.Extraction;

/// <summary>The names of what is mended. They stand in metadata and in the CLI's output: a promise.</summary>
internal static class RepairKinds
{
    public const string ByteOrderMark = "byte_order_mark";
    public const string CodeFence = "code_fence";
    public const string SurroundingText = "surrounding_text";
    public const string OtherValue = "other_value";
    public const string ExtraCloser = "extra_closer";
    public const string Whitespace = "special_whitespace";
    public const string Comment = "comment";
    public const string TrailingComma = "trailing_comma";
    public const string ExtraComma = "extra_comma";
    public const string MissingComma = "missing_comma";
    public const string SingleQuotes = "single_quotes";
    public const string TypographicQuotes = "typographic_quotes";
    public const string MissingQuote = "missing_quote";
    public const string UnquotedKey = "unquoted_key";
    public const string UnquotedString = "unquoted_string";
    public const string UnescapedQuote = "unescaped_quote";
    public const string LineBreak = "unescaped_line_break";
    public const string ControlCharacter = "unescaped_control_character";
    public const string InvalidEscape = "invalid_escape";
    public const string PythonLiteral = "python_literal";
    public const string JavaScriptLiteral = "javascript_literal";
    public const string NumberForm = "number_form";
    public const string Concatenation = "string_concatenation";
    public const string DoubledEscaping = "doubled_escaping";
    public const string JsonInString = "json_in_string";
    public const string WrapperObject = "wrapper_object";
}
