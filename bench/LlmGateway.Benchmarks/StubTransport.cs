using System.Net;
using System.Net.Http.Headers;

namespace LlmGateway.Benchmarks;

/// <summary>Answers every request with the same bytes, after reading what was sent: everything but the network.</summary>
internal sealed class StubTransport(byte[] reply, string type = "application/json") : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Content is { } content) await content.CopyToAsync(Stream.Null, cancellationToken);
        var body = new ByteArrayContent(reply);
        body.Headers.ContentType = new MediaTypeHeaderValue(type);
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = body, RequestMessage = request };
    }
}
