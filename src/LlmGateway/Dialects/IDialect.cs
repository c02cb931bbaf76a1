using System.Buffers;
using System.Net.Http.Headers;
using LlmGateway.Relay;
using LlmGateway.Wire;

namespace LlmGateway.Dialects;

/// <summary>
/// The codec of one wire protocol, in both directions: the only place that knows its JSON. It does no I/O and keeps no
/// state, except that a stream's decoder or encoder is made anew for each stream. See README.md in this folder.
/// </summary>
internal interface IDialect
{
    /// <summary>The dialect's name, as in <see cref="RawPart.Dialect"/>.</summary>
    string Name { get; }

    /// <summary>Whether the protocol keeps the model and the streaming of a request in its URL, not in its body.</summary>
    bool KeepsModelInUrl => false;

    /// <summary>Whether a reply names the model that gave it; where it does not, the caller knows whom it asked.</summary>
    bool RepliesNameModel => true;

    /// <summary>Whether a request must say how many tokens its answer may have.</summary>
    bool RequiresMaxTokens => false;

    /// <summary>Whether a stream is binary, not text.</summary>
    bool IsBinaryStream => false;

    /// <summary>What must be known to send a request on as it came.</summary>
    WireRules WireRules => WireRules.Plain;

    // The client's half.

    /// <summary>The path of the request under the base URL, without a leading slash; the query too, where it has one.</summary>
    string PathOf(LlmRequest request);

    /// <summary>Adds the headers that the protocol itself asks for; keys are the vendor's matter.</summary>
    void AddHeaders(HttpRequestHeaders headers);

    /// <summary>Writes the request's body. What it cannot say is added to <paramref name="losses"/>.</summary>
    /// <exception cref="DialectException">The request cannot be said in this protocol at all.</exception>
    void EncodeRequest(LlmRequest request, WirePeer peer, IBufferWriter<byte> body, List<string> losses);

    /// <summary>Reads the body of a reply. Unknown fields, blocks and enum values never throw.</summary>
    /// <exception cref="DialectException">The body is not a reply of this protocol.</exception>
    LlmReply DecodeReply(ReadOnlyMemory<byte> body, WirePeer peer);

    /// <summary>Finds the events in the bytes of a stream.</summary>
    EventReader ReadEvents(Stream stream) => new SseReader(stream) { GivesLifeSigns = true };

    /// <summary>Makes what reads the events of one stream.</summary>
    IStreamDecoder CreateStreamDecoder(WirePeer peer);

    /// <summary>Whether an event of a stream holds nothing but the counts that <see cref="WireRules.MustAskForUsage"/> asked for.</summary>
    bool IsUsageAlone(ReadOnlySpan<byte> data) => false;

    /// <summary>Reads the body of an error; a body that is none of this protocol's gives what the status says.</summary>
    VendorError DecodeError(int status, ReadOnlyMemory<byte> body);

    // The server's half.

    /// <summary>Reads a request's body. Unknown fields go into the bag, unknown enum values never throw.</summary>
    /// <param name="body">The body.</param>
    /// <param name="address">What the URL says, for protocols that keep the model and the streaming there.</param>
    /// <exception cref="DialectException">The body is not a request of this protocol; the message names the field.</exception>
    LlmRequest DecodeRequest(ReadOnlyMemory<byte> body, RequestAddress address);

    /// <summary>Writes the body of a reply.</summary>
    void EncodeReply(LlmReply reply, IBufferWriter<byte> body, List<string> losses);

    /// <summary>Makes what writes the events of one stream. Losses are added as they happen.</summary>
    IStreamEncoder CreateStreamEncoder(List<string> losses);

    /// <summary>Writes the body of an error.</summary>
    /// <returns>The HTTP status that goes with it.</returns>
    int EncodeError(VendorError error, IBufferWriter<byte> body);
}

/// <summary>What the URL of a request says, in the protocols that keep it there.</summary>
/// <param name="Model">The model; null where the URL does not name one.</param>
/// <param name="Stream">Whether the reply is to be streamed; null where the URL does not say.</param>
internal readonly record struct RequestAddress(string? Model, bool? Stream);
