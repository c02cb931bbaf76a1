using System.Buffers;
using System.Net.Http.Headers;

namespace LlmGateway.Dialects;

/// <summary>
/// The codec of one wire protocol: the only place that knows its JSON. It does no I/O and keeps no state, so that a
/// server can use the same codec in the other direction.
/// </summary>
internal interface IDialect
{
    /// <summary>The dialect's name, as in <see cref="RawPart.Dialect"/>.</summary>
    string Name { get; }

    /// <summary>The path of the request under the base URL, without a leading slash.</summary>
    string PathOf(LlmRequest request);

    /// <summary>Adds the headers that the protocol itself asks for; keys are the vendor's matter.</summary>
    void AddHeaders(HttpRequestHeaders headers);

    /// <summary>Writes the request's body. What it cannot say is added to <paramref name="losses"/>.</summary>
    /// <exception cref="DialectException">The request cannot be said in this protocol at all.</exception>
    void EncodeRequest(LlmRequest request, IBufferWriter<byte> body, List<string> losses);

    /// <summary>Reads the body of a reply. Unknown fields, blocks and enum values never throw.</summary>
    /// <exception cref="DialectException">The body is not a reply of this protocol.</exception>
    LlmReply DecodeReply(ReadOnlyMemory<byte> body);

    /// <summary>Reads the body of an error; a body that is none of this protocol's gives what the status says.</summary>
    VendorError DecodeError(int status, ReadOnlyMemory<byte> body);
}
