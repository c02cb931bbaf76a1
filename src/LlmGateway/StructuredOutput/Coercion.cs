namespace LlmGateway;

/// <summary>Whether values of an answer may be changed to fit its schema. Syntax is mended either way; that never changes a value.</summary>
public enum Coercion
{
    /// <summary>Never: a value that does not fit is an error. The default.</summary>
    None,

    /// <summary>
    /// Where nothing is lost and nothing guessed: <c>"42"</c> for a number, another case of an enum's name, a single item for
    /// a list. Each is reported. Locale numbers (<c>"3,14"</c>), currency and fractions never count.
    /// </summary>
    Lossless,
}
