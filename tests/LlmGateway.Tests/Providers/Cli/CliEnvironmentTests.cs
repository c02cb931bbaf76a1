using System.Collections;
using LlmGateway.Configuration;
using LlmGateway.Providers.Cli;

namespace LlmGateway.Tests.Providers.Cli;

public sealed class CliEnvironmentTests
{
    [Fact]
    public void The_vendors_variables_come_from_the_configuration_dot_env_included()
    {
        var file = EnvFile.Parse("ACME_KEY=from-file\nACME_URL=file-url\nOTHER=no", "/x/.env");
        var variables = VariableSet.Merge(file, new Hashtable { ["ACME_URL"] = "env-url" });

        var environment = new CliEnvironment(variables, ["ACME_"], _ => false).Variables;

        Assert.Equal("from-file", environment["ACME_KEY"]);
        Assert.Equal("env-url", environment["ACME_URL"]);
        Assert.False(environment.ContainsKey("OTHER"));
    }

    [Fact]
    public void The_process_gives_the_rest_such_as_PATH()
        => Assert.Equal(Environment.GetEnvironmentVariable("PATH"), new CliEnvironment(VariableSet.Merge(null, new Hashtable()), ["ACME_"], _ => false).Variables["PATH"]);

    [Fact]
    public void What_is_stripped_is_gone_whatever_its_source()
    {
        var variables = VariableSet.Merge(EnvFile.Parse("ACME_SESSION=1\nACME_KEY=2", "/x/.env"), new Hashtable());

        var environment = new CliEnvironment(variables, ["ACME_"], n => n is "ACME_SESSION" or "PATH").Variables;

        Assert.False(environment.ContainsKey("ACME_SESSION"));
        Assert.False(environment.ContainsKey("PATH"));
        Assert.True(environment.ContainsKey("ACME_KEY"));
    }

    [Fact]
    public void Secrets_are_redacted_by_their_names()
    {
        var variables = VariableSet.Merge(null, new Hashtable { ["ACME_API_KEY"] = "sk-12345", ["ACME_AUTH_TOKEN"] = "tok-6789", ["ACME_MODEL"] = "large-model" });

        var text = new CliEnvironment(variables, ["ACME_"], _ => false).Redact("sk-12345 tok-6789 large-model");

        Assert.Equal("*** *** large-model", text);
    }
}
