using System.Reflection;
using LlmGateway.Dialects.Tests;

namespace LlmGateway.Bedrock.Tests;

/// <summary>The streams' bytes are what the builder makes of their events. <c>WRITE_FIXTURES=1</c> writes them.</summary>
public sealed class FixtureStreamTests
{
    public static TheoryData<string> Streams =>
        [.. Directory.GetFiles(Fixture.Folder("bedrock"), "*.stream.events").Select(path => Path.GetFileName(path)[..^".stream.events".Length]).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Streams))]
    public void The_bytes_of_a_stream_are_those_of_its_events(string name)
    {
        var bytes = FrameBuilder.OfEvents(Fixture.Text("bedrock", $"{name}.stream.events"));
        var file = $"{name}.stream.bin";
        if (Environment.GetEnvironmentVariable("WRITE_FIXTURES") == "1")
        {
            var project = typeof(FixtureStreamTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "ProjectFolder").Value!;
            File.WriteAllBytes(Path.Combine(project, "Fixtures", "bedrock", file), bytes);
            File.WriteAllBytes(Path.Combine(Fixture.Folder("bedrock"), file), bytes);
        }

        Assert.Equal(bytes, Fixture.Bytes("bedrock", file));
    }
}
