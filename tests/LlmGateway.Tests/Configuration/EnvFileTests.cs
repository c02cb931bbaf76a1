using CsCheck;
using LlmGateway.Configuration;

namespace LlmGateway.Tests.Configuration;

public sealed class EnvFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("llmgw-env-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("A=1", "1")]
    [InlineData("A = 1 ", "1")]
    [InlineData("export A=1", "1")]
    [InlineData("export\tA=1", "1")]
    [InlineData("  A=1", "1")]
    [InlineData("A=", "")]
    [InlineData("A=1 # comment", "1")]
    [InlineData("A= # comment", "")]
    [InlineData("A=pass#word", "pass#word")]
    [InlineData("A=a=b=c", "a=b=c")]
    [InlineData("A=it's", "it's")]
    [InlineData("A='1 # 2'", "1 # 2")]
    [InlineData("A='1' # comment", "1")]
    [InlineData("A=\"1\"# comment", "1")]
    [InlineData("A='a\\nb'", "a\\nb")]
    [InlineData("A=\"a\\nb\\t\\\"c\\\\ \\$d \\q\"", "a\nb\t\"c\\ $d \\q")]
    [InlineData("A=\"\"", "")]
    [InlineData("A=\"x\ny\"", "x\ny")]
    [InlineData("A='x\r\ny'", "x\r\ny")]
    [InlineData("\uFEFFA=1", "1")]
    [InlineData("# c\r\n\r\nA=1\r\n", "1")]
    [InlineData("A=1\rB=2", "1")]
    [InlineData("A=1\nA=2", "2")]
    [InlineData("A=\t\"q\"", "q")]
    public void A_value_is_read(string text, string value)
    {
        var file = EnvFile.Parse(text, ".env");

        Assert.Equal(value, file.Values["A"]);
        Assert.Empty(file.Warnings);
    }

    [Theory]
    [InlineData("secret", 1)]
    [InlineData("\n\n1A=secret", 3)]
    [InlineData("=secret", 1)]
    [InlineData("A B=secret", 1)]
    [InlineData("A-B=secret", 1)]
    [InlineData("A='x\ny'\nsecret", 3)]
    [InlineData("\r\n\r\nsecret\r\n", 3)]
    [InlineData("A='unclosed secret", 1)]
    [InlineData("A='it's a secret", 1)]
    [InlineData("A=\"se\"cret", 1)]
    public void A_bad_line_is_a_warning_with_its_number_and_without_its_content(string text, int line)
    {
        var file = EnvFile.Parse(text, "/x/.env");

        var warning = Assert.Single(file.Warnings);
        Assert.Contains($"/x/.env, line {line}:", warning, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", warning, StringComparison.Ordinal);
        Assert.DoesNotContain(file.Values, v => v.Value.Contains("se", StringComparison.Ordinal));
    }

    [Fact]
    public void An_unclosed_quote_does_not_swallow_the_lines_after_it()
    {
        var file = EnvFile.Parse("A=\"oops\nB=\"2\"\nC=3", ".env");

        Assert.Equal("2", file.Values["B"]);
        Assert.Equal("3", file.Values["C"]);
        Assert.False(file.Values.ContainsKey("A"));
        Assert.Contains("line 1", Assert.Single(file.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_bad_line_does_not_stop_the_rest()
        => Assert.Equal("2", EnvFile.Parse("nonsense\nB=2", ".env").Values["B"]);

    [Fact]
    public void No_text_whatever_throws()
        => Gen.String[Gen.Char["AB=\"'\\#\r\n\t nexport \uFEFF\ud800é1."], 0, 60].Sample(text =>
        {
            var file = EnvFile.Parse(text, ".env");
            Assert.All(file.Values.Keys, k => Assert.Matches("^[A-Za-z_.][A-Za-z0-9_.]*$", k));
        }, iter: 20_000);

    [Fact]
    public void What_is_written_in_double_quotes_comes_back()
        => Gen.String.Sample(value =>
        {
            var quoted = value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
            var file = EnvFile.Parse($"# first\nexport A=\"{quoted}\" # last\nB=2", ".env");
            Assert.Equal(value, file.Values["A"]);
            Assert.Equal("2", file.Values["B"]);
            Assert.Empty(file.Warnings);
        }, iter: 2_000);

    [Fact]
    public void The_nearest_file_upwards_is_found()
    {
        var deep = Directory.CreateDirectory(Path.Combine(_folder, "a", "b", "c")).FullName;
        File.WriteAllText(Path.Combine(_folder, ".env"), "LLM_MODEL=far");
        Assert.Equal(Path.Combine(_folder, ".env"), EnvFile.Find(deep));

        File.WriteAllText(Path.Combine(_folder, "a", ".env"), "LLM_MODEL=near");
        Assert.Equal(Path.Combine(_folder, "a", ".env"), EnvFile.Find(deep));
        Assert.Equal("near", EnvFile.Read(EnvFile.Find(deep)!).Values["LLM_MODEL"]);
    }

    [Fact]
    public void A_folder_of_the_name_is_passed_over()
    {
        var inner = Directory.CreateDirectory(Path.Combine(_folder, "inner")).FullName;
        Directory.CreateDirectory(Path.Combine(inner, ".env"));
        File.WriteAllText(Path.Combine(_folder, ".env"), "A=1");

        Assert.Equal(Path.Combine(_folder, ".env"), EnvFile.Find(inner));
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_an_error_that_names_it()
    {
        var path = Path.Combine(_folder, "gone", ".env");

        Assert.Contains(path, Assert.Throws<ProviderInitException>(() => EnvFile.Read(path)).Message, StringComparison.Ordinal);
    }
}
