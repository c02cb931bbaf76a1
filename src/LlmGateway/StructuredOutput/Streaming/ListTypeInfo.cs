using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace LlmGateway.StructuredOutput.Streaming;

/// <summary>The contract of a list by that of its items, which source generation may not have made.</summary>
internal static class ListTypeInfo<TItem>
{
    private static readonly ConditionalWeakTable<JsonTypeInfo, JsonTypeInfo<TItem[]>> ByItem = [];

    public static JsonTypeInfo<TItem[]> Of(JsonTypeInfo<TItem> item) => ByItem.GetValue(item, static info =>
    {
        var options = new JsonSerializerOptions(info.Options);
        options.TypeInfoResolverChain.Add(new Resolver());
        return (JsonTypeInfo<TItem[]>)options.GetTypeInfo(typeof(TItem[]));
    });

    private sealed class Resolver : IJsonTypeInfoResolver
    {
        public JsonTypeInfo? GetTypeInfo(Type type, JsonSerializerOptions options)
            => type == typeof(TItem[]) ? JsonMetadataServices.CreateArrayInfo(options, new JsonCollectionInfoValues<TItem[]>()) : null;
    }
}
