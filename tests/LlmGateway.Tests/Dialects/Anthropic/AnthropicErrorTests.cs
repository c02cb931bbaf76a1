using System.Text;
using CsCheck;
using LlmGateway.Dialects;
using LlmGateway.Dialects.Anthropic;

namespace LlmGateway.Tests.Dialects.Anthropic;

public class AnthropicErrorTests
{
    [Theory]
    [InlineData(400, "invalid_request_error", "max_tokens: too large", ProviderErrorKind.InvalidRequest)]
    [InlineData(400, "invalid_request_error", "prompt is too long: 210000 tokens > 200000 maximum", ProviderErrorKind.ContextLength)]
    [InlineData(400, "invalid_request_error", "input length and `max_tokens` exceed context limit: 199000 + 4096 > 200000", ProviderErrorKind.ContextLength)]
    [InlineData(401, "authentication_error", "invalid x-api-key", ProviderErrorKind.Authentication)]
    [InlineData(402, "billing_error", "no credit", ProviderErrorKind.Billing)]
    [InlineData(403, "permission_error", "no", ProviderErrorKind.Authentication)]
    [InlineData(404, "not_found_error", "model: x", ProviderErrorKind.NotFound)]
    [InlineData(409, "conflict_error", "x", ProviderErrorKind.ServerError)]
    [InlineData(413, "request_too_large", "x", ProviderErrorKind.RequestTooLarge)]
    [InlineData(429, "rate_limit_error", "x", ProviderErrorKind.RateLimited)]
    [InlineData(500, "api_error", "x", ProviderErrorKind.ServerError)]
    [InlineData(504, "timeout_error", "x", ProviderErrorKind.Timeout)]
    [InlineData(529, "overloaded_error", "x", ProviderErrorKind.Overloaded)]
    [InlineData(503, "brand_new_error", "x", ProviderErrorKind.Overloaded)]
    [InlineData(418, "brand_new_error", "x", ProviderErrorKind.InvalidRequest)]
    public void Each_documented_error_has_its_kind(int status, string type, string message, ProviderErrorKind kind)
        => Assert.Equal(
            new VendorError(kind, type, message, "req_1"),
            Decode(status, $$"""{"type":"error","error":{"type":"{{type}}","message":"{{message}}"},"request_id":"req_1"}"""));

    [Theory]
    [InlineData(400, ProviderErrorKind.InvalidRequest)]
    [InlineData(401, ProviderErrorKind.Authentication)]
    [InlineData(402, ProviderErrorKind.Billing)]
    [InlineData(403, ProviderErrorKind.Authentication)]
    [InlineData(404, ProviderErrorKind.NotFound)]
    [InlineData(408, ProviderErrorKind.Timeout)]
    [InlineData(409, ProviderErrorKind.ServerError)]
    [InlineData(413, ProviderErrorKind.RequestTooLarge)]
    [InlineData(422, ProviderErrorKind.InvalidRequest)]
    [InlineData(429, ProviderErrorKind.RateLimited)]
    [InlineData(500, ProviderErrorKind.ServerError)]
    [InlineData(502, ProviderErrorKind.ServerError)]
    [InlineData(503, ProviderErrorKind.Overloaded)]
    [InlineData(504, ProviderErrorKind.Timeout)]
    [InlineData(520, ProviderErrorKind.ServerError)]
    [InlineData(529, ProviderErrorKind.Overloaded)]
    [InlineData(302, ProviderErrorKind.MalformedReply)]
    public void A_body_that_says_nothing_leaves_the_status_to_speak(int status, ProviderErrorKind kind)
    {
        foreach (var body in new[] { "", "<html>busy</html>", "null", "[]", "{}", """{"error":"text"}""", """{"error":{"type":5,"message":null}}""" })
        {
            var error = Decode(status, body);
            Assert.Equal((kind, null, null), (error.Kind, error.Code, error.Message));
        }
    }

    [Fact]
    public void No_bytes_whatever_throw()
        => Gen.Select(Gen.Int[300, 599], Gen.Byte.Array[0, 80]).Sample((status, body) => Assert.NotNull(AnthropicErrorDecoder.Decode(status, body)));

    private static VendorError Decode(int status, string body) => AnthropicErrorDecoder.Decode(status, Encoding.UTF8.GetBytes(body));
}
