using System.Buffers;
using System.Text.Json;
using LlmGateway.Dialects;
using Microsoft.AspNetCore.Http;

namespace LlmGateway.Server.Admin;

/// <summary>One request of the admin API: its body, its parameters, and its answer.</summary>
internal sealed class AdminContext(HttpContext http)
{
    /// <summary>The most bytes of a body.</summary>
    public const int MostBody = 64 * 1024;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 16 };
    private static readonly JsonWriterOptions Readable = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public HttpContext Http => http;

    public string Method => http.Request.Method;

    public CancellationToken Aborted => http.RequestAborted;

    /// <summary>The body, an object.</summary>
    /// <param name="isOptional">Whether none at all is an empty one.</param>
    /// <exception cref="AdminException">It is too large, or no object.</exception>
    public async Task<JsonDocument> ReadAsync(bool isOptional = false)
    {
        var bytes = await ReadBytesAsync().ConfigureAwait(false);
        if (bytes.IsEmpty && isOptional) return JsonDocument.Parse("{}");
        JsonDocument? document = null;
        try
        {
            document = JsonDocument.Parse(bytes, Strict);
            RequestRead.CheckTexts(document.RootElement);
        }
        catch (InvalidOperationException)
        {
            document?.Dispose();
            throw new AdminException(400, "invalid_json", "The body is no JSON: it holds text that is not UTF-8, or half of a surrogate pair.");
        }
        catch (JsonException e)
        {
            throw new AdminException(400, "invalid_json", $"The body is no JSON: {e.Message}");
        }

        if (document.RootElement.ValueKind == JsonValueKind.Object) return document;
        document.Dispose();
        throw new AdminException(400, "invalid_json", "The body must be a JSON object.");
    }

    /// <summary>A parameter of the query; null where it is not given.</summary>
    /// <exception cref="AdminException">It is given twice.</exception>
    public string? Parameter(string name) => http.Request.Query[name] switch
    {
        [] => null,
        [var one] => one,
        _ => throw AdminException.Invalid($"The parameter '{name}' is given more than once.", name),
    };

    /// <exception cref="AdminException">There are others.</exception>
    public void AllowParameters(params ReadOnlySpan<string> names)
    {
        foreach (var name in http.Request.Query.Keys)
            if (!names.Contains(name)) throw AdminException.UnknownField(Short(name), $"There is no parameter '{Short(name)}' here{(names.IsEmpty ? "" : $"; there are {string.Join(", ", names.ToArray())}")}.");
    }

    /// <exception cref="AdminException">The method is another one.</exception>
    public AdminException NotAllowed(params ReadOnlySpan<string> methods)
    {
        var allowed = string.Join(", ", methods.ToArray());
        http.Response.Headers.Allow = allowed;
        return new AdminException(405, "method_not_allowed", $"There is no {Short(Method)} here; there are {allowed}.");
    }

    public Task AnswerAsync(int status, Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Readable))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = buffer.WrittenCount;
        return http.Response.Body.WriteAsync(buffer.WrittenMemory, Aborted).AsTask();
    }

    public Task AnswerAsync(AdminException error)
    {
        if (error.RetryAfterSeconds is { } seconds) http.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (error.Status == 401) http.Response.Headers.WWWAuthenticate = "Bearer";
        return AnswerAsync(error.Status, json =>
        {
            json.WriteStartObject("error");
            json.WriteString("code", error.Code);
            json.WriteString("message", error.Message);
            json.WriteString("field", error.Field);
            json.WriteEndObject();
        });
    }

    private async Task<ReadOnlyMemory<byte>> ReadBytesAsync()
    {
        if (http.Request.ContentLength > MostBody) throw TooLarge();
        var bytes = new byte[(int)(http.Request.ContentLength ?? MostBody) + 1];
        var length = 0;
        int read;
        while ((read = await http.Request.Body.ReadAsync(bytes.AsMemory(length), Aborted).ConfigureAwait(false)) > 0)
            if ((length += read) > MostBody) throw TooLarge();
        return bytes.AsMemory(0, length);
    }

    private static AdminException TooLarge() => new(413, "too_large", $"The body may have at most {MostBody} bytes.");

    private static string Short(string text) => text.Length <= 100 ? text : text[..100];
}
