namespace LlmGateway.Tests.Configuration;

public class RedactionTests
{
    [Fact]
    public void The_text_of_a_configuration_has_every_setting_and_no_key()
    {
        var text = Config.Of(("LLM_API_KEY", "sk-secret"), ("LLM_MODEL", "m-1")).ToString();

        Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
        Assert.Contains("ApiKey = ***", text, StringComparison.Ordinal);
        Assert.Contains("Model = m-1", text, StringComparison.Ordinal);
        Assert.Contains("Temperature = (unset)", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_password_in_a_url_is_not_in_the_text()
    {
        var text = new GatewayConfig
        {
            BaseUrl = new Uri("https://user:secret@h/p?key=secret#secret"),
            TraceEndpoint = new Uri("http://user:secret@collector:4317/?key=secret"),
        }.ToString();

        Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
        Assert.Contains("https://h/p", text, StringComparison.Ordinal);
        Assert.Contains("http://collector:4317", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_variable_does_not_print_its_value()
        => Assert.DoesNotContain("secret", Config.Variables(("LLM_API_KEY", "secret")).Find("LLM_API_KEY")!.ToString(), StringComparison.Ordinal);

    [Fact]
    public void A_copy_of_a_configuration_prints_no_key_either()
        => Assert.DoesNotContain("secret", $"{new GatewayConfig { ApiKey = "secret" } with { Model = "m" }}", StringComparison.Ordinal);
}
