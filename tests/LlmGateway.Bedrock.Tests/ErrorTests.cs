using System.Buffers;
using System.Text;
using LlmGateway.Dialects;
using LlmGateway.Dialects.Tests;

namespace LlmGateway.Bedrock.Tests;

public sealed class ErrorTests
{
    [Theory]
    [InlineData(429, "rate_limit", ProviderErrorKind.RateLimited)]
    [InlineData(403, "auth", ProviderErrorKind.Authentication)]
    [InlineData(503, "overloaded", ProviderErrorKind.Overloaded)]
    [InlineData(400, "context_length", ProviderErrorKind.ContextLength)]
    [InlineData(400, "invalid", ProviderErrorKind.InvalidRequest)]
    [InlineData(404, "not_found", ProviderErrorKind.NotFound)]
    public void A_documented_error_is_of_its_kind(int status, string name, ProviderErrorKind kind)
    {
        var error = Bedrock.Dialect.DecodeError(status, Fixture.Bytes("bedrock", $"error_{name}.json"));

        Assert.Equal(kind, error.Kind);
        Assert.False(string.IsNullOrEmpty(error.Message));
    }

    [Theory]
    [InlineData(424, """{"message":"The model failed"}""", ProviderErrorKind.ServerError)]
    [InlineData(408, "{}", ProviderErrorKind.Timeout)]
    [InlineData(500, "<html>", ProviderErrorKind.ServerError)]
    [InlineData(400, """{"message":"The provided model identifier is invalid."}""", ProviderErrorKind.NotFound)]
    [InlineData(400, """{"__type":"com.amazon.coral.service#ThrottlingException","Message":"slow"}""", ProviderErrorKind.RateLimited)]
    [InlineData(400, """{"__type":"ExpiredTokenException:http://x/","message":"old"}""", ProviderErrorKind.Authentication)]
    [InlineData(413, "", ProviderErrorKind.RequestTooLarge)]
    [InlineData(400, """["\ud800"]""", ProviderErrorKind.InvalidRequest)]
    public void Errors_of_other_forms_are_told_by_name_or_status(int status, string body, ProviderErrorKind kind)
        => Assert.Equal(kind, Bedrock.Dialect.DecodeError(status, Encoding.UTF8.GetBytes(body)).Kind);

    [Theory]
    [InlineData(ProviderErrorKind.InvalidRequest, 400)]
    [InlineData(ProviderErrorKind.RequestTooLarge, 413)]
    [InlineData(ProviderErrorKind.Authentication, 403)]
    [InlineData(ProviderErrorKind.NotFound, 404)]
    [InlineData(ProviderErrorKind.Timeout, 408)]
    [InlineData(ProviderErrorKind.RateLimited, 429)]
    [InlineData(ProviderErrorKind.Overloaded, 503)]
    [InlineData(ProviderErrorKind.ServerError, 500)]
    public void An_error_that_is_written_is_read_as_the_same(ProviderErrorKind kind, int status)
    {
        var body = new ArrayBufferWriter<byte>();

        Assert.Equal(status, Bedrock.Dialect.EncodeError(new VendorError(kind, "x", "why", null), body));

        var read = Bedrock.Dialect.DecodeError(status, body.WrittenMemory);
        Assert.Equal((kind, "why"), (read.Kind, read.Message));
    }

    [Theory]
    [InlineData(ProviderErrorKind.ContextLength)]
    [InlineData(ProviderErrorKind.Billing)]
    [InlineData(ProviderErrorKind.Truncated)]
    [InlineData(ProviderErrorKind.Unknown)]
    public void Every_kind_has_a_status(ProviderErrorKind kind)
        => Assert.InRange(Bedrock.Dialect.EncodeError(new VendorError(kind, null, null, null), new ArrayBufferWriter<byte>()), 400, 599);
}
