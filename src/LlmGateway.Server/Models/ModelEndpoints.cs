using System.Globalization;
using System.Text.Json;
using LlmGateway.Dialects;
using LlmGateway.Server.Callers;
using LlmGateway.Server.Calls;
using LlmGateway.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace LlmGateway.Server.Models;

/// <summary>
/// <c>GET /v1/models</c> and <c>/v1beta/models</c>, and one model of them: what the caller may ask for, in the form of its
/// protocol. All of it is one page unless the caller asks for pages, as the protocols' clients do that follow them.
/// </summary>
internal static class ModelEndpoints
{
    private const int MaxOnAPage = 1000;

    /// <param name="routes">Where.</param>
    /// <param name="catalog">What there is.</param>
    /// <param name="frame">Knows who asks, and tells what fails.</param>
    /// <param name="isAllowed">Whether the caller may ask for it. It is not told of what it may not.</param>
    public static void Map(IEndpointRouteBuilder routes, IModelCatalog catalog, RequestFrame frame, Func<Caller, ModelEntry, bool> isAllowed)
    {
        // A model's name may hold slashes and colons.
        routes.MapGet("/v1/models", http => ListAsync(http, FormOf(http)));
        routes.MapGet("/v1/models/{**id}", http => OneAsync(http, FormOf(http)));
        routes.MapGet("/v1beta/models", http => ListAsync(http, ModelForm.Gemini));
        routes.MapGet("/v1beta/models/{**id}", http => OneAsync(http, ModelForm.Gemini));

        Task ListAsync(HttpContext http, ModelForm form) => frame.RunAsync(http, ProtocolOf(form), (exchange, caller, _, _) =>
        {
            var all = catalog.List();
            var allowed = caller.Key is null ? all : [.. all.Where(model => isAllowed(caller, model))];
            return WriteAsync(exchange, json => WriteList(json, http.Request.Query, allowed, form));
        });

        Task OneAsync(HttpContext http, ModelForm form) => frame.RunAsync(http, ProtocolOf(form), (exchange, caller, _, _) =>
        {
            var id = Uri.UnescapeDataString((string?)http.Request.RouteValues["id"] ?? "");

            // To a caller that may not use it, it is as if it were not there.
            return catalog.Find(id) is { } model && isAllowed(caller, model)
                ? WriteAsync(exchange, json => json.WriteRawValue(model.JsonIn(form), skipInputValidation: true))
                : throw new ModelNotFoundException($"There is no model '{Short(id)}' here that this caller may use. The list has those that there are.");
        });
    }

    private static async Task WriteAsync(Exchange exchange, Action<Utf8JsonWriter> write)
    {
        using var body = new PooledBuffer();
        using (var json = new Utf8JsonWriter(body, JsonWrite.Options)) write(json);
        exchange.Describe(null, null, []);
        await exchange.WriteJsonAsync(body.WrittenMemory).ConfigureAwait(false);
    }

    private static void WriteList(Utf8JsonWriter json, IQueryCollection query, IReadOnlyList<ModelEntry> models, ModelForm form)
    {
        var page = form switch
        {
            ModelForm.Anthropic => Page.Of(query, "limit", "after_id", "before_id", models),
            ModelForm.Gemini => Page.Of(query, "pageSize", "pageToken", null, models),
            _ => new Page(0, models.Count),
        };
        json.WriteStartObject();
        if (form == ModelForm.OpenAI) json.WriteString("object", "list");
        json.WriteStartArray(form == ModelForm.Gemini ? "models" : "data");
        for (var i = page.Start; i < page.End; i++) json.WriteRawValue(models[i].JsonIn(form), skipInputValidation: true);
        json.WriteEndArray();
        var last = page.End > page.Start ? models[page.End - 1].Id : null;
        if (form == ModelForm.Anthropic)
        {
            json.WriteBoolean("has_more", page.HasMore(models.Count));
            json.WriteString("first_id", last is null ? null : models[page.Start].Id);
            json.WriteString("last_id", last);
        }
        else if (form == ModelForm.Gemini && page.HasMore(models.Count))
        {
            json.WriteString("nextPageToken", last);
        }

        json.WriteEndObject();
    }

    /// <summary>The three protocols share the path; the headers that their clients send tell them apart.</summary>
    private static ModelForm FormOf(HttpContext http) => http.Request.Headers switch
    {
        var headers when headers.ContainsKey("anthropic-version") => ModelForm.Anthropic,
        var headers when headers.ContainsKey("x-goog-api-key") || headers.ContainsKey("x-goog-api-client") => ModelForm.Gemini,
        _ => ModelForm.OpenAI,
    };

    private static Protocol ProtocolOf(ModelForm form) => form switch
    {
        ModelForm.Anthropic => Protocol.Anthropic,
        ModelForm.Gemini => Protocol.Gemini,
        _ => Protocol.OpenAI,
    };

    private static string Short(string text) => text.Length <= 200 ? text : text[..200];

    /// <summary>A part of the list, its end excluded.</summary>
    private readonly record struct Page(int Start, int End, bool IsBackwards = false)
    {
        public bool HasMore(int count) => IsBackwards ? Start > 0 : End < count;

        /// <exception cref="BadRequestException">The size is no number of 1 to 1000, or there is no such model to begin at.</exception>
        public static Page Of(IQueryCollection query, string sizeName, string afterName, string? beforeName, IReadOnlyList<ModelEntry> models)
        {
            var size = models.Count;
            if (query[sizeName] is [{ Length: > 0 } text] && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out size) || size is < 1 or > MaxOnAPage))
                throw Wrong($"{sizeName} must be a number of 1 to {MaxOnAPage}.");
            if (query[afterName] is [{ Length: > 0 } after])
            {
                var start = IndexOf(models, after, afterName) + 1;
                return new Page(start, Math.Min(start + size, models.Count));
            }

            if (beforeName is null || query[beforeName] is not [{ Length: > 0 } before]) return new Page(0, Math.Min(size, models.Count));
            var end = IndexOf(models, before, beforeName);
            return new Page(Math.Max(0, end - size), end, IsBackwards: true);
        }

        private static int IndexOf(IReadOnlyList<ModelEntry> models, string id, string name)
        {
            for (var i = 0; i < models.Count; i++)
                if (models[i].Id == id) return i;
            throw Wrong($"{name} names a model that is not in the list.");
        }

        private static BadRequestException Wrong(string message) => new(ProviderErrorKind.InvalidRequest, message);
    }
}
