using System.Security.Cryptography;
using System.Text;

namespace LlmGateway.Testing.Misbehaving;

/// <summary>A request as it came over the wire.</summary>
internal sealed record RawRequest(string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    /// <summary>Tells keys apart without keeping one.</summary>
    public string? KeyHash
    {
        get
        {
            var key = Headers.GetValueOrDefault("x-api-key") ?? Headers.GetValueOrDefault("x-goog-api-key") ?? Headers.GetValueOrDefault("api-key") ?? OfAuthorization(Headers.GetValueOrDefault("authorization"));
            return key is null ? null : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..8];
        }
    }

    /// <summary>A signature differs each time; the id of the key that made it does not.</summary>
    private static string? OfAuthorization(string? value)
    {
        if (value is null) return null;
        const string Credential = "Credential=";
        var at = value.IndexOf(Credential, StringComparison.Ordinal);
        if (at >= 0) return value[(at + Credential.Length)..].Split('/')[0];
        return value.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? value[7..] : value;
    }
}
