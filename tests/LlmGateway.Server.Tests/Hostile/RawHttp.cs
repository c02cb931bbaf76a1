using System.Net.Sockets;
using System.Text;

namespace LlmGateway.Server.Tests.Hostile;

/// <summary>Bytes on a socket, as no client would write them.</summary>
internal static class RawHttp
{
    /// <summary>Writes the bytes, and reads all that is answered until the server closes.</summary>
    /// <param name="url">The server.</param>
    /// <param name="bytes">What is written.</param>
    public static async Task<string> AskAsync(Uri url, byte[] bytes)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(url.Host, url.Port, TestContext.Current.CancellationToken);
        var answer = new StringBuilder();
        try
        {
            await socket.SendAsync(bytes, TestContext.Current.CancellationToken);
            var buffer = new byte[64 * 1024];
            while (true)
            {
                // A server that waits for more is told that nothing comes; then it must end.
                var reading = socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken).AsTask();
                if (await Task.WhenAny(reading, Task.Delay(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken)) != reading) socket.Shutdown(SocketShutdown.Send);
                var read = await reading.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
                if (read == 0) break;
                answer.Append(Encoding.Latin1.GetString(buffer, 0, read));
            }
        }
        catch (SocketException)
        {
            // It was closed before all of it was taken.
        }

        return answer.ToString();
    }

    public static Task<string> AskAsync(Uri url, string text) => AskAsync(url, Encoding.Latin1.GetBytes(text));
}
