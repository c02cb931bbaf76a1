using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace LlmGateway.Providers.Simulated.Schemas;

/// <summary>The formats of JSON Schema: whether a text is one, and made-up ones. A format that is not known limits nothing.</summary>
internal static partial class Formats
{
    private static readonly SearchValues<char> NotInUris = SearchValues.Create(" <>\"{}|\\^`");

    public static bool Accepts(string format, string text) => format switch
    {
        "date" => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
        "date-time" => DateTimeShape().IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _),
        "time" => TimeShape().IsMatch(text),
        "duration" => DurationShape().IsMatch(text),
        "email" or "idn-email" => EmailShape().IsMatch(text),
        "uri" or "iri" => Uri.TryCreate(text, UriKind.Absolute, out var uri) && text.StartsWith(uri.Scheme + ":", StringComparison.OrdinalIgnoreCase)
            && !text.AsSpan().ContainsAny(NotInUris),
        "uri-reference" or "iri-reference" => Uri.TryCreate(text, UriKind.RelativeOrAbsolute, out _) && !text.AsSpan().ContainsAny(NotInUris),
        "uuid" => Guid.TryParseExact(text, "D", out _),
        "hostname" or "idn-hostname" => text.Length <= 253 && HostShape().IsMatch(text) && !IPAddress.TryParse(text, out _),
        "ipv4" => Ipv4Shape().IsMatch(text) && IPAddress.TryParse(text, out _),
        "ipv6" => text.Contains(':') && !text.AsSpan().ContainsAny("[]%") && IPAddress.TryParse(text, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6,
        _ => true,
    };

    /// <summary>Made-up texts of a format, from names and blocks reserved for examples (RFC 2606, 5737, 3849); another for each ordinal. Empty for an unknown format.</summary>
    public static IEnumerable<string> Samples(string format, int ordinal, bool localTime)
    {
        var suffix = ordinal == 0 ? "" : ordinal.ToString(CultureInfo.InvariantCulture);
        var day = new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddDays(ordinal);
        var second = new TimeOnly(0).Add(TimeSpan.FromSeconds(ordinal));
        return format switch
        {
            "date" => [day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)],
            "date-time" => [day.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)],
            "time" => [second.ToString("HH:mm:ss", CultureInfo.InvariantCulture) + (localTime ? "" : "Z")],
            "duration" => [string.Create(CultureInfo.InvariantCulture, $"PT{ordinal}S")],
            "email" or "idn-email" => [$"simulated{suffix}@example.com", $"a{suffix}@b.example", $"a{suffix}@b.co"],
            "uri" or "iri" or "uri-reference" or "iri-reference" => [$"https://example.com/{suffix}", $"http://a.example/{suffix}", $"urn:a:{suffix}0"],
            "uuid" => [string.Create(CultureInfo.InvariantCulture, $"00000000-0000-4000-8000-{ordinal:D12}")],
            "hostname" or "idn-hostname" => [$"simulated{suffix}.example.com", $"a{suffix}.example"],
            "ipv4" => [string.Create(CultureInfo.InvariantCulture, $"192.0.2.{(ordinal + 1) % 256}")],
            "ipv6" => [string.Create(CultureInfo.InvariantCulture, $"2001:db8::{ordinal + 1:x}")],
            _ => [],
        };
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,7})?([Zz]|[+-]\d\d:\d\d)\z", RegexOptions.None, 1000)]
    private static partial Regex DateTimeShape();

    [GeneratedRegex(@"^([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,7})?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)?\z", RegexOptions.None, 1000)]
    private static partial Regex TimeShape();

    [GeneratedRegex(@"^P(?=[\dT])(\d+W|(\d+Y)?(\d+M)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?)\z", RegexOptions.None, 1000)]
    private static partial Regex DurationShape();

    [GeneratedRegex(@"^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,64}(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,64}){0,8}@[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?){1,8}\z", RegexOptions.None, 1000)]
    private static partial Regex EmailShape();

    [GeneratedRegex(@"^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*\z", RegexOptions.None, 1000)]
    private static partial Regex HostShape();

    [GeneratedRegex(@"^(0|[1-9]\d{0,2})(\.(0|[1-9]\d{0,2})){3}\z", RegexOptions.None, 1000)]
    private static partial Regex Ipv4Shape();
}
