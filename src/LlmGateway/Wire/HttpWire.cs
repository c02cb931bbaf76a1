using System.Net;

namespace LlmGateway.Wire;

/// <summary>How bytes go out and come back.</summary>
internal static class HttpWire
{
    /// <summary>No reply of a model is near this; what is larger is a mistake or an attack.</summary>
    public const int MaxBodyBytes = 64 * 1024 * 1024;

    private static readonly Lazy<HttpClient> SharedClient = new(Create);

    /// <summary>One client for the process, so that connections are shared.</summary>
    public static HttpClient Shared => SharedClient.Value;

    /// <summary>Reads a body into memory, up to the limit, which counts decompressed bytes.</summary>
    /// <returns>False where the body is larger.</returns>
    /// <exception cref="IOException">The body breaks off.</exception>
    /// <exception cref="InvalidDataException">The body cannot be decompressed.</exception>
    public static async ValueTask<bool> TryReadAsync(HttpContent content, PooledBuffer into, CancellationToken cancellationToken)
    {
        var stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            while (true)
            {
                int read;
                try
                {
                    read = await stream.ReadAsync(into.GetMemory(4096), cancellationToken).ConfigureAwait(false);
                }
                catch (InvalidOperationException e)
                {
                    // So says Brotli's decoder, where the others say InvalidDataException.
                    throw new InvalidDataException(e.Message, e);
                }

                if (read == 0) return true;
                into.Advance(read);
                if (into.Length > MaxBodyBytes) return false;
            }
        }
    }

    /// <summary>
    /// No redirects, which would carry the key elsewhere. No time limit: each attempt has its own. Connections are
    /// renewed so that a change of address is seen.
    /// </summary>
    private static HttpClient Create() => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.All,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        UseCookies = false,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };
}
