using System.Text;
using LlmGateway.Dialects;

namespace LlmGateway.Tests.Dialects;

/// <summary>How each vendor says that a conversation is too long, and what sounds like it and is not.</summary>
public class ContextLengthTests
{
    public static TheoryData<string, int, string> TooLong => new()
    {
        { "openai", 400, """{"error":{"message":"This model's maximum context length is 4097 tokens.","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}""" },
        { "openai", 400, """{"error":{"message":"Your input exceeds the context window of this model.","code":"context_length_exceeded"}}""" },
        { "openai", 500, """{"error":{"code":500,"message":"the request is too large","type":"exceed_context_size_error","n_prompt_tokens":1407,"n_ctx":256}}""" },
        { "openai", 400, """{"error":{"code":400,"message":"the request exceeds the available context size. try increasing the context size"}}""" },
        { "openai", 400, """{"object":"error","message":"This model's maximum context length is 262144 tokens. However, you requested 0 output tokens","type":"BadRequestError","code":400}""" },
        { "openai", 400, """{"error":{"message":"Please reduce the length of the messages or completion."}}""" },
        { "openai", 400, """{"error":"This model's maximum prompt length is 131072 but the request contains 537812 tokens."}""" },
        { "openai", 400, """{"error":{"message":"The input (1332153 tokens) is longer than the model's context length (1048576 tokens)."}}""" },
        { "openai", 400, """{"message":"Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum context length","type":"invalid_request_error"}""" },
        { "openai", 400, """{"error":{"message":"Invalid request: Your request exceeded model token limit: 262144 (requested: 291351)"}}""" },
        { "openai", 400, """{"message":"too many tokens: total number of tokens (prompt and prediction) cannot exceed 4081"}""" },
        { "openai", 400, """{"error":"prompt too long; exceeded max context length by 7 tokens"}""" },
        { "openai", 400, """{"error":"Trying to keep the first 111490 tokens when context the overflows. However, the model is loaded with context length of only 32768 tokens"}""" },
        { "openai", 400, """{"error":{"message":"invalid params, context window exceeds limit"}}""" },
        { "openai", 400, """{"error":{"message":"Range of input length should be [1, 30720]"}}""" },
        { "openai_responses", 400, """{"error":{"message":"Your input exceeds the context window of this model.","code":"context_length_exceeded"}}""" },
        { "anthropic", 400, """{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 219898 tokens > 200000 maximum"}}""" },
        { "anthropic", 400, """{"type":"error","error":{"type":"invalid_request_error","message":"input length and `max_tokens` exceed context limit: 156321 + 48384 > 200000"}}""" },
        { "gemini", 400, """{"error":{"code":400,"message":"The input token count (1196265) exceeds the maximum number of tokens allowed (1048575).","status":"INVALID_ARGUMENT"}}""" },
        { "gemini", 400, """{"error":{"code":400,"message":"Unable to submit request because the input token count is 1200000 but model only supports up to 1048576.","status":"INVALID_ARGUMENT"}}""" },
    };

    public static TheoryData<string, int, string, ProviderErrorKind> Else => new()
    {
        { "openai", 429, """{"error":{"message":"Too many tokens, please wait before trying again.","type":"tokens"}}""", ProviderErrorKind.RateLimited },
        { "openai", 413, """{"error":{"message":"Request too large for model on tokens per minute (TPM): Limit 6000, Requested 8000, please reduce your message size and try again.","type":"tokens","code":"rate_limit_exceeded"}}""", ProviderErrorKind.RateLimited },
        { "anthropic", 400, """{"type":"error","error":{"type":"invalid_request_error","message":"max_tokens: 100000 > 8192"}}""", ProviderErrorKind.InvalidRequest },
        { "gemini", 400, """{"error":{"code":400,"message":"Temperature exceeds 2.","status":"INVALID_ARGUMENT"}}""", ProviderErrorKind.InvalidRequest },
    };

    [Theory]
    [MemberData(nameof(TooLong))]
    public void Every_vendors_way_of_saying_it_is_known(string dialect, int status, string body)
        => Assert.Equal(ProviderErrorKind.ContextLength, Dialect.Find(dialect)!.DecodeError(status, Encoding.UTF8.GetBytes(body)).Kind);

    [Theory]
    [MemberData(nameof(Else))]
    public void What_only_sounds_like_it_is_something_else(string dialect, int status, string body, ProviderErrorKind kind)
        => Assert.Equal(kind, Dialect.Find(dialect)!.DecodeError(status, Encoding.UTF8.GetBytes(body)).Kind);

    [Fact]
    public void A_wait_that_Google_names_in_the_body_is_known_at_its_compatible_endpoint_too()
        => Assert.Equal(TimeSpan.FromSeconds(34.5), Dialect.Find("openai")!.DecodeError(429, """[{"error":{"code":429,"message":"Quota.","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"34.5s"}]}}]"""u8.ToArray()).RetryAfter);
}
