namespace LlmGateway.StructuredOutput.Validation;

/// <summary>A format that strings can be held against.</summary>
/// <param name="Description">What a string of it is, for a message.</param>
/// <param name="Test">Whether a text is of it.</param>
internal sealed record StringFormat(string Description, StringFormat.Tester Test)
{
    private const int OnStack = 256;

    private static readonly Dictionary<string, StringFormat> All = new(StringComparer.Ordinal)
    {
        ["date-time"] = new("a date and time with an offset, such as 2030-01-31T12:00:00Z", TimeFormats.IsDateTime),
        ["date"] = new("a date, such as 2030-01-31", TimeFormats.IsDate),
        ["time"] = new("a time with an offset, such as 12:00:00Z", TimeFormats.IsTime),
        ["duration"] = new("a duration, such as P1DT12H", TimeFormats.IsDuration),
        ["email"] = new("an e-mail address", EmailFormats.IsEmail),
        ["idn-email"] = new("an e-mail address", EmailFormats.IsInternationalEmail),
        ["hostname"] = new("a host name", static text => HostFormats.IsHostname(text, knowsEncoded: true)),
        ["idn-hostname"] = new("a host name", HostFormats.IsInternationalHostname),
        ["ipv4"] = new("an IPv4 address", AddressFormats.IsIpv4),
        ["ipv6"] = new("an IPv6 address", AddressFormats.IsIpv6),
        ["uri"] = new("an absolute URI", text => UriFormats.IsReference(text, isInternational: false, isAbsolute: true)),
        ["uri-reference"] = new("a URI or a relative reference", text => UriFormats.IsReference(text, isInternational: false, isAbsolute: false)),
        ["iri"] = new("an absolute IRI", text => UriFormats.IsReference(text, isInternational: true, isAbsolute: true)),
        ["iri-reference"] = new("an IRI or a relative reference", text => UriFormats.IsReference(text, isInternational: true, isAbsolute: false)),
        ["uri-template"] = new("a URI template", UriTemplateFormat.IsTemplate),
        ["uuid"] = new("a UUID", static text => text.Length == 36 && Guid.TryParseExact(text, "D", out _)),
        ["json-pointer"] = new("a JSON Pointer", PointerFormats.IsPointer),
        ["relative-json-pointer"] = new("a relative JSON Pointer", PointerFormats.IsRelativePointer),
        ["regex"] = new("a regular expression of ECMA-262", IsRegex),
    };

    /// <summary>Draft 4 knows nothing of encoded labels.</summary>
    private static readonly StringFormat OldHostname = new("a host name", static text => HostFormats.IsHostname(text, knowsEncoded: false));

    internal delegate bool Tester(ReadOnlySpan<char> text);

    /// <summary>Null for a name that is none of the drafts'.</summary>
    public static StringFormat? Find(string name, JsonSchemaDraft draft) => draft == JsonSchemaDraft.Draft4 && name == "hostname" ? OldHostname : All.GetValueOrDefault(name);

    public bool Accepts(ReadOnlySpan<byte> utf8)
    {
        var chars = utf8.Length <= OnStack ? stackalloc char[OnStack] : new char[utf8.Length];
        return Test(chars[..JsonText.Decode(utf8, chars)]);
    }

    private static bool IsRegex(ReadOnlySpan<char> text)
    {
        try
        {
            PatternParser.Parse(text.ToString());
            return true;
        }
        catch (PatternException)
        {
            return false;
        }
    }
}
