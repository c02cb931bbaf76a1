using System.Net;
using System.Security.Cryptography;
using System.Text;
using LlmGateway.Routing.Targets;
using LlmGateway.Server.Keys;
using Microsoft.AspNetCore.Http;

namespace LlmGateway.Server.Admin;

/// <summary>Lets in who has the admin token, and slows down who guesses at it. Thread-safe.</summary>
/// <remarks>Where an address has given too many wrong ones, a right one of it is refused too: otherwise guessing would go on unseen.</remarks>
internal sealed class AdminGuard
{
    public const int LeastLength = 16;
    public const int MostWrong = 10;

    private const int MostAddresses = 4096;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly byte[] _hash;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Wrong> _wrong = new(StringComparer.Ordinal);

    /// <exception cref="GatewayException">The token is too short, or has the form of a key.</exception>
    public AdminGuard(string token, TimeProvider time)
    {
        if (token.Length < LeastLength) throw new GatewayException($"The admin token has {token.Length} characters, and needs at least {LeastLength}, so that it can't be guessed. 'openssl rand -hex 32' makes one.");
        if (token.StartsWith(KeyText.Start, StringComparison.Ordinal)) throw new GatewayException($"The admin token can't begin with '{KeyText.Start}', as the keys of callers do: whoever has a key must not have the rights of an admin. 'openssl rand -hex 32' makes one.");
        _hash = HashOf(token);
        _time = time;
    }

    /// <exception cref="AdminException">The request is not let in.</exception>
    public void Check(HttpRequest request)
    {
        // Its hash is compared, which has one length whatever was given.
        var given = Token(request) is { } token ? HashOf(token) : null;
        var address = AddressOf(request.HttpContext.Connection.RemoteIpAddress);
        lock (_lock)
        {
            var now = _time.Now();
            var wrong = Find(address, now);
            if (wrong?.Count >= MostWrong)
                throw new AdminException(429, "too_many_attempts", "Too many wrong tokens came from this address. Wait a minute.") { RetryAfterSeconds = Math.Max(1, (long)Math.Ceiling((wrong.Since + Window - now).TotalSeconds)) };
            if (given is not null && CryptographicOperations.FixedTimeEquals(given, _hash)) return;
            // Who gives none is not guessing.
            if (given is not null) Count(address, wrong, now);
        }

        throw new AdminException(401, "unauthorized", "Give the admin token as 'Authorization: Bearer …'. A key of a caller is none.");
    }

    private Wrong? Find(string address, TimeSpan now)
        => _wrong.TryGetValue(address, out var wrong) || (_wrong.Count >= MostAddresses && _wrong.TryGetValue("", out wrong)) ? now - wrong.Since < Window ? wrong : null : null;

    private void Count(string address, Wrong? known, TimeSpan now)
    {
        if (known is not null)
        {
            known.Count++;
            return;
        }

        if (_wrong.Count >= MostAddresses)
        {
            foreach (var (old, wrong) in _wrong)
                if (now - wrong.Since >= Window) _wrong.Remove(old);
            // Beyond so many at once the rest are one, so that memory has a bound and guessing too.
            if (_wrong.Count >= MostAddresses) address = "";
        }

        _wrong[address] = new Wrong(now) { Count = 1 };
    }

    private static string? Token(HttpRequest request)
    {
        const string scheme = "Bearer ";
        return request.Headers.Authorization is [{ } value] && value.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) ? value[scheme.Length..].Trim() : null;
    }

    private static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <summary>Of IPv6 the network, since one guesser has all addresses of it.</summary>
    private static string AddressOf(IPAddress? address)
    {
        if (address is null) return "";
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        var bytes = address.GetAddressBytes();
        return Convert.ToHexString(bytes.AsSpan(0, Math.Min(bytes.Length, 8)));
    }

    private sealed class Wrong(TimeSpan since)
    {
        public TimeSpan Since { get; } = since;

        public int Count { get; set; }
    }
}
