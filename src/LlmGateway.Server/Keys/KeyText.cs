using System.Buffers;
using System.Buffers.Text;

namespace LlmGateway.Server.Keys;

/// <summary>A key as its holder has it: <c>lgw_</c>, the id, <c>_</c>, and 32 random bytes in base64url.</summary>
internal static class KeyText
{
    public const string Start = "lgw_";
    public const int IdLength = 10;
    public const int Length = 4 + IdLength + 1 + SecretLength;

    private const int SecretBytes = 32;
    private const int SecretLength = 43;

    /// <summary>How much of the secret is shown: 24 of its 256 bits, which tell two of one id apart.</summary>
    private const int PrefixLength = 4 + IdLength + 1 + 4;

    /// <summary>32 signs, without those that are taken for one another.</summary>
    private const string IdSigns = "0123456789abcdefghjkmnpqrstvwxyz";

    private static readonly SearchValues<char> Id = SearchValues.Create(IdSigns);
    private static readonly SearchValues<char> Secret = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>A new id.</summary>
    public static string NewId(FillRandom random)
    {
        Span<byte> bytes = stackalloc byte[IdLength];
        random(bytes);
        Span<char> id = stackalloc char[IdLength];
        for (var i = 0; i < IdLength; i++) id[i] = IdSigns[bytes[i] % IdSigns.Length];
        return new string(id);
    }

    /// <summary>A new key of an id.</summary>
    public static string New(string id, FillRandom random)
    {
        Span<byte> bytes = stackalloc byte[SecretBytes];
        random(bytes);
        return $"{Start}{id}_{Base64Url.EncodeToString(bytes)}";
    }

    /// <summary>What of a key may be shown and kept.</summary>
    public static string PrefixOf(string key) => key[..PrefixLength];

    /// <summary>Whether a text has the form of a key.</summary>
    public static bool IsWellFormed(ReadOnlySpan<char> text)
        => text.Length == Length && text.StartsWith(Start, StringComparison.Ordinal) && text[Start.Length + IdLength] == '_'
        && IsId(text.Slice(Start.Length, IdLength)) && !text[(Length - SecretLength)..].ContainsAnyExcept(Secret);

    /// <summary>Whether a text has the form of an id.</summary>
    public static bool IsId(ReadOnlySpan<char> text) => text.Length == IdLength && !text.ContainsAnyExcept(Id);
}

/// <summary>Fills a span with random bytes that nobody can foresee.</summary>
internal delegate void FillRandom(Span<byte> bytes);
