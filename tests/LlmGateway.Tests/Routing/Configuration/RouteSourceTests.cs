using LlmGateway.Routing.Configuration;
using LlmGateway.Tests.Telemetry;
using Microsoft.Extensions.Time.Testing;

namespace LlmGateway.Tests.RouteConfiguration;

public sealed class RouteSourceTests : IDisposable
{
    private const string One = """{"routes":{"main":{"targets":["simulated/a"]}}}""";
    private const string Two = """{"routes":{"main":{"targets":["simulated/b"]}}}""";

    private readonly TempFile _file = new(One);
    private readonly FakeTimeProvider _time = new();
    private readonly RecordingLoggerProvider _log = new();

    public void Dispose()
    {
        _file.Dispose();
        _log.Dispose();
    }

    [Fact]
    public void A_changed_file_is_read_whole_and_told_of_and_who_has_the_old_routes_keeps_them()
    {
        var source = Source();
        var old = source.Current;
        _file.Write("""{"routes":{"main":{"targets":["simulated/b"]},"other":{"targets":["simulated/c"]}},"vendors":{"v":{"dialect":"openai","base_url":"http://h"}}}""");
        Pass();

        Assert.Equal("simulated/b", TargetOf(source.Current));
        Assert.NotNull(source.Current.Find("OTHER"));
        Assert.Equal("simulated/a", TargetOf(old));
        Assert.Null(old.Find("other"));
        var line = Assert.Single(_log.Lines);
        Assert.Equal((15, 2, 1, (object?)_file.Path), (line.Event.Id, line.Values["Routes"], line.Values["Vendors"], line.Values["Path"]));
    }

    [Fact]
    public void It_is_looked_at_once_a_second_and_not_before()
    {
        var source = Source();
        _file.Write(Two);
        _time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.Equal("simulated/a", TargetOf(source.Current));

        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal("simulated/b", TargetOf(source.Current));

        _file.Write(One);
        Assert.Equal("simulated/b", TargetOf(source.Current));
        Pass();
        Assert.Equal("simulated/a", TargetOf(source.Current));
    }

    [Fact]
    public void What_has_not_changed_is_not_read_again()
    {
        var source = Source();
        var book = source.Current;
        for (var i = 0; i < 3; i++)
        {
            Pass();
            Assert.Same(book, source.Current);
        }

        Assert.Empty(_log.Lines);
    }

    [Theory]
    [InlineData("""{"routes":{"main":{"targets":[]}}}""", "route 'main': targets is empty")]
    [InlineData("""{"routes":{"main":{"targets":["smulated/a"]}}}""", "route 'main': targets[0]: there is no provider 'smulated'; did you mean simulated?")]
    [InlineData("""{"routes":{"main":""", "LLM_CONFIG_FILE")]
    public void An_invalid_file_leaves_the_old_routes_in_force_and_is_told_of_once(string text, string said)
    {
        var source = Source();
        _file.Write(text);
        for (var i = 0; i < 3; i++)
        {
            Pass();
            Assert.Equal("simulated/a", TargetOf(source.Current));
        }

        var line = Assert.Single(_log.Lines);
        Assert.Equal(16, line.Event.Id);
        Assert.Contains(said, line.Text, StringComparison.Ordinal);
        Assert.Contains(_file.Path, line.Text, StringComparison.Ordinal);

        _file.Write(Two);
        Pass();
        Assert.Equal("simulated/b", TargetOf(source.Current));
        Assert.Equal([16, 15], _log.Lines.Select(entry => entry.Event.Id));
    }

    [Fact]
    public void A_file_that_is_gone_is_told_of_once_and_read_when_it_is_back()
    {
        var source = Source();
        File.Delete(_file.Path);
        for (var i = 0; i < 3; i++)
        {
            Pass();
            Assert.Equal("simulated/a", TargetOf(source.Current));
        }

        Assert.Equal([16], _log.Lines.Select(line => line.Event.Id));
        _file.Write(Two);
        Pass();
        Assert.Equal("simulated/b", TargetOf(source.Current));
    }

    [Fact]
    public void A_change_of_the_link_that_leads_to_the_file_is_a_change()
    {
        using var next = new TempFile("""{"routes":{"main":{"targets":["simulated/longer"]}}}""");
        var link = _file.Path + ".link";
        File.CreateSymbolicLink(link, _file.Path);
        var source = Source(link);
        File.Delete(link);
        File.CreateSymbolicLink(link, next.Path);
        Pass();

        Assert.Equal("simulated/longer", TargetOf(source.Current));
    }

    [Fact]
    public void A_book_that_does_not_pass_the_check_is_not_taken()
    {
        var source = Source(check: _ => throw new ProviderInitException("K is not set"));
        _file.Write(Two);
        Pass();

        Assert.Equal("simulated/a", TargetOf(source.Current));
        Assert.Contains("K is not set", Assert.Single(_log.Of(16)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_wrong_from_the_start_is_an_error()
    {
        _file.Write("{");
        Assert.Throws<ProviderInitException>(() => Source());
        Assert.Contains("/nowhere.json", Assert.Throws<ProviderInitException>(() => Source("/nowhere.json")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_in_the_file_and_in_code_is_an_error()
    {
        var config = new GatewayConfig { ConfigFile = _file.Path, Routes = [new RouteConfig { Name = "MAIN", Targets = [new RouteTarget { Vendor = "simulated", Model = "a" }] }] };

        var e = Assert.Throws<ProviderInitException>(() => new RouteSource(config, new ProviderRegistry(), _time, _log.CreateLogger("test")));

        Assert.Contains("route 'main': GatewayConfig.Routes has a route of this name too", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_vendor_in_both_files_is_an_error()
    {
        using var vendors = new TempFile("""{"vendors":{"mine":{"dialect":"openai","base_url":"http://h"}}}""");
        _file.Write("""{"vendors":{"other":{"aliases":["Mine"],"dialect":"openai","base_url":"http://h"}}}""");

        var e = Assert.Throws<ProviderInitException>(() => new ProviderRegistry().Build(new GatewayConfig { Provider = "mine", ConfigFile = _file.Path, VendorsFile = vendors.Path }));

        Assert.Equal("LLM_CONFIG_FILE", e.Setting);
        Assert.Contains("vendor 'mine': the name 'mine' is there twice", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Many_callers_see_one_book_or_the_next_and_never_an_older_one()
    {
        var source = Source();
        var number = 0;
        for (var round = 1; round <= 20; round++)
        {
            _file.Write(One.Replace("/a", $"/{round}", StringComparison.Ordinal));
            Pass();
            Parallel.For(0, 8, _ =>
            {
                var seen = TargetOf(source.Current);
                if (seen != "simulated/a") InterlockedMax(ref number, int.Parse(seen.Split('/')[1]));
            });
            Assert.Equal($"simulated/{round}", TargetOf(source.Current));
            Assert.Equal(round, number);
        }

        Assert.Equal(20, _log.Of(15).Count);

        static void InterlockedMax(ref int most, int value)
        {
            for (var known = Volatile.Read(ref most); value > known;)
            {
                if (Interlocked.CompareExchange(ref most, value, known) == known) return;
                known = Volatile.Read(ref most);
            }
        }
    }

    private static string TargetOf(RouteBook book) => book.Find("main")!.Targets[0].ToString();

    private void Pass() => _time.Advance(TimeSpan.FromSeconds(1));

    private RouteSource Source(string? path = null, Action<RouteBook>? check = null)
        => new(new GatewayConfig { ConfigFile = path ?? _file.Path }, new ProviderRegistry(), _time, _log.CreateLogger("test"), check: check);
}
