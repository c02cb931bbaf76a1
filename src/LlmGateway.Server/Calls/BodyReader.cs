using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;

namespace LlmGateway.Server.Calls;

/// <summary>Reads a request's body whole, within its limits of size and time.</summary>
internal static class BodyReader
{
    /// <exception cref="BadRequestException">The body is too large, too slow, or not JSON by its type.</exception>
    public static async ValueTask<ReadOnlyMemory<byte>> ReadAsync(HttpRequest request, LlmGatewayServerOptions options, CancellationToken cancellationToken)
    {
        // A page in a browser can send other types to this machine without being allowed to.
        if (!IsJson(request.ContentType)) throw new BadRequestException(ProviderErrorKind.InvalidRequest, "The header Content-Type must be application/json.") { Status = 415 };
        if (request.Headers.ContentEncoding.Count > 0 && request.Headers.ContentEncoding != "identity") throw new BadRequestException(ProviderErrorKind.InvalidRequest, "A compressed body is not read: send it without Content-Encoding.") { Status = 415 };
        if (request.ContentLength > options.MaxBodyBytes) throw TooLarge(options);
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        time.CancelAfter(options.BodyTimeout);
        try
        {
            return request.ContentLength is { } length ? await ReadExactlyAsync(request, (int)length, time.Token).ConfigureAwait(false) : await ReadToEndAsync(request, options, time.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new BadRequestException(ProviderErrorKind.Timeout, $"The body did not come within {options.BodyTimeout.TotalSeconds:0} seconds.") { Status = 408 };
        }
        catch (BadHttpRequestException e)
        {
            throw new BadRequestException(e.StatusCode == 413 ? ProviderErrorKind.RequestTooLarge : ProviderErrorKind.InvalidRequest, e.Message) { Status = e.StatusCode };
        }
        catch (IOException)
        {
            // So the server says of a chunk whose size is no number that it can count.
            throw new BadRequestException(ProviderErrorKind.InvalidRequest, "The body broke off, or does not come in the pieces that its headers promise.") { Status = 400 };
        }
    }

    private static async ValueTask<ReadOnlyMemory<byte>> ReadExactlyAsync(HttpRequest request, int length, CancellationToken cancellationToken)
    {
        // Memory is given for what has come, not for what a header promises.
        if (length > 64 * 1024) return await ReadToEndAsync(request, null, cancellationToken).ConfigureAwait(false);
        var body = new byte[length];
        await request.Body.ReadExactlyAsync(body, cancellationToken).ConfigureAwait(false);
        return body;
    }

    private static async ValueTask<ReadOnlyMemory<byte>> ReadToEndAsync(HttpRequest request, LlmGatewayServerOptions? limits, CancellationToken cancellationToken)
    {
        var body = new byte[16 * 1024];
        var length = 0;
        while (await request.Body.ReadAsync(body.AsMemory(length), cancellationToken).ConfigureAwait(false) is > 0 and var read)
        {
            length += read;
            if (limits is not null && length > limits.MaxBodyBytes) throw TooLarge(limits);
            if (length == body.Length) Array.Resize(ref body, body.Length * 2);
        }

        return body.AsMemory(0, length);
    }

    private static bool IsJson(string? contentType)
        => MediaTypeHeaderValue.TryParse(contentType, out var type)
        && (type.MediaType!.Equals("application/json", StringComparison.OrdinalIgnoreCase) || type.MediaType.EndsWith("+json", StringComparison.OrdinalIgnoreCase))
        && (type.CharSet is null || type.CharSet.Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase));

    private static BadRequestException TooLarge(LlmGatewayServerOptions options)
        => new(ProviderErrorKind.RequestTooLarge, $"The body is larger than {options.MaxBodyBytes} bytes, the gateway's limit.") { Status = 413 };
}
