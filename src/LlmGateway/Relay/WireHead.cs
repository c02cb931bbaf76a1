using System.Collections.Frozen;
using System.Text;

namespace LlmGateway.Relay;

/// <summary>What of a request's query and headers goes on to the vendor: never over what the dialect, the vendor's row or its key say.</summary>
internal static class WireHead
{
    /// <summary>Whatever the server lets through: these are of one connection, say how its bytes are packed, or say who is asking.</summary>
    private static readonly FrozenSet<string> Own = FrozenSet.ToFrozenSet(
        [
            "host", "connection", "keep-alive", "transfer-encoding", "content-length", "te", "trailer", "upgrade", "expect", "accept-encoding",
            "authorization", "proxy-authorization", "proxy-connection", "cookie", "x-api-key", "api-key", "x-goog-api-key",
        ],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>The path with those parameters of the query that it does not set itself.</summary>
    public static string PathWith(string path, string query)
    {
        if (query.Length == 0) return path;
        var mark = path.IndexOf('?', StringComparison.Ordinal);
        var set = mark < 0 ? [] : NamesIn(path[(mark + 1)..]);
        var all = new StringBuilder(path);
        foreach (var parameter in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            if (set.Contains(NameOf(parameter))) continue;
            all.Append(mark < 0 && all.Length == path.Length ? '?' : '&').Append(parameter.Replace("#", "%23", StringComparison.Ordinal));
        }

        return all.ToString();
    }

    /// <summary>Adds the headers that the request has not yet, each as often as it came. Called last, when it is known who asks.</summary>
    public static void AddHeaders(HttpRequestMessage message, WireRequest wire)
    {
        var headers = wire.Headers;
        for (var i = 0; i < headers.Count; i++)
        {
            var name = headers[i].Key;
            if (Own.Contains(name) || message.Headers.Contains(name)) continue;
            for (var j = i; j < headers.Count; j++)
            {
                if (string.Equals(headers[j].Key, name, StringComparison.OrdinalIgnoreCase)) message.Headers.TryAddWithoutValidation(name, headers[j].Value);
            }
        }
    }

    private static HashSet<string> NamesIn(string query) => query.Split('&').Select(NameOf).ToHashSet(StringComparer.OrdinalIgnoreCase);

    private static string NameOf(string parameter)
    {
        var end = parameter.IndexOf('=', StringComparison.Ordinal);
        return Uri.UnescapeDataString(end < 0 ? parameter : parameter[..end]);
    }
}
