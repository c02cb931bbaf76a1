using System.Globalization;
using LlmGateway.Bedrock.Auth;

namespace LlmGateway.Bedrock.Tests;

/// <summary>
/// AWS's published vectors, which say for a request what its signature must be:
/// https://github.com/awslabs/aws-c-auth/tree/main/tests/aws-signing-test-suite/v4, the file header-signed-request.txt of each.
/// </summary>
public sealed class SigV4Tests
{
    private const string Token = "6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267";
    private static readonly AwsKeys Keys = new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", null);
    private static readonly DateTimeOffset Time = DateTimeOffset.Parse("2015-08-30T12:36:00Z", CultureInfo.InvariantCulture);

    public static TheoryData<string, string, string, string, string[], string, string> Vectors => new()
    {
        { "post-vanilla", "POST", "/", "", [], "", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b" },
        { "get-header-value-trim", "GET", "/", "", ["My-Header1", " value1", "My-Header2", " \"a   b   c\""], "", "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736" },
        { "get-header-key-duplicate", "GET", "/", "", ["My-Header1", "value2", "My-Header1", "value2", "My-Header1", "value1"], "", "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea" },
        { "get-space-normalized", "GET", "/example space/", "", [], "", "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741" },
        { "get-utf8", "GET", "/ሴ", "", [], "", "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85" },
        { "get-vanilla-query-order-key-case", "GET", "/", "Param2=value2&Param1=value1", [], "", "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500" },
        { "get-vanilla-with-session-token", "GET", "/", "", ["X-Amz-Security-Token", Token], "", "07ec1639c89043aa0e3e2de82b96708f198cceab042d4a97044c66dd9f74e7f8" },
        {
            "post-x-www-form-urlencoded", "POST", "/", "",
            ["Content-Type", "application/x-www-form-urlencoded", "Content-Length", "13", "x-amz-content-sha256", "9095672bbd1f56dfc5b65f3e153adc8731a4a654192329106275f4c7b24d0b6e"],
            "Param1=value1", "d3875051da38690788ef43de4db0d8f280229d82040bfac253562e56c3f20e0b"
        },
    };

    [Theory]
    [MemberData(nameof(Vectors))]
    public void The_published_vectors_are_signed_as_published(string name, string method, string path, string query, string[] headers, string body, string signature)
    {
        var signed = new List<KeyValuePair<string, string>> { new("Host", "example.amazonaws.com"), new("X-Amz-Date", SigV4.Timestamp(Time)) };
        for (var i = 0; i < headers.Length; i += 2) signed.Add(new(headers[i], headers[i + 1]));
        var names = string.Join(';', signed.Select(header => header.Key.ToLowerInvariant()).Distinct().Order(StringComparer.Ordinal));

        var authorization = SigV4.Authorization(new SigV4.Request(method, path, query, signed, System.Text.Encoding.UTF8.GetBytes(body)), Keys, Time, "us-east-1", "service");

        Assert.True(
            authorization == $"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders={names}, Signature={signature}",
            $"{name}: {authorization}");
    }
}
