using System.Globalization;
using System.Text;

namespace ServerBench.Driver;

/// <summary>One way to the vendor: where requests go, and what they need to be let through.</summary>
/// <param name="Name">As the table calls it.</param>
/// <param name="Server">The process that is measured.</param>
/// <param name="Model">The model's name as this system knows it.</param>
/// <param name="Headers">Further header lines, each with its line end. Where there are several, requests take them in turn.</param>
internal sealed record SystemUnderTest(string Name, Server Server, string Model, params IReadOnlyList<string> Headers)
{
    private const string Text = "Read the following e-mail and say in three sentences what is owed, by whom and when.\\n\\nDear Ms Lindqvist, please find attached "
        + "invoice BV-2026-1187 of 14 March, due 13 April: twelve hours of consulting at 130.00 EUR, one licence for the reporting module at 390.00 EUR, and "
        + "travel of 82.44 EUR, to which value added tax of 19 percent is added. We would be grateful for a transfer in time. Yours, Beck und Vogel GmbH";

    /// <summary>The bytes of the one request that this system gets, once for each set of headers.</summary>
    public IReadOnlyList<byte[]> Requests(bool stream) => [.. Headers.Select(headers => Request(stream, headers))];

    private byte[] Request(bool stream, string headers)
    {
        var streaming = stream ? ""","stream":true,"stream_options":{"include_usage":true}""" : "";
        var body = "{\"model\":\"" + Model + "\",\"messages\":[{\"role\":\"system\",\"content\":\"You are a careful accountant. You answer in plain English.\"},"
            + "{\"role\":\"user\",\"content\":\"" + Text + "\"}],\"max_tokens\":300,\"temperature\":0.2" + streaming + "}";
        return Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture,
            $"POST /v1/chat/completions HTTP/1.1\r\nHost: {Server.Endpoint}\r\nContent-Type: application/json\r\nAccept: */*\r\nUser-Agent: bench/1.0\r\n{headers}Content-Length: {body.Length}\r\n\r\n{body}"));
    }
}
