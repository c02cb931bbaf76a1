using System.Diagnostics;
using LlmGateway.Server.Keys;
using LlmGateway.Sqlite;
using Microsoft.Data.Sqlite;

namespace LlmGateway.Server.Tests.Keys;

public sealed class ManyKeysTests : IDisposable
{
    private readonly KeyFolder _folder = new();

    [Fact]
    public void Among_ten_thousand_keys_a_lookup_takes_no_longer_than_among_ten()
    {
        var few = Fill(10);
        var among10 = Fastest(_folder.Open(), few);
        var many = Fill(9_990);
        var store = _folder.Open();
        Assert.Equal(10_000, store.All.Count);
        var among10000 = Fastest(store, many[..10]);

        // A search through all of them would take some hundred times as long.
        Assert.True(among10000 < 5 * among10, $"{among10000} ns against {among10} ns.");
        Assert.All(many, text => Assert.Null(KeyFolder.Refusal(store, text)));
    }

    [Fact]
    public void A_change_among_ten_thousand_is_taken_in_alone()
    {
        var texts = Fill(10_000);
        var (server, other) = (_folder.Open(), _folder.Open());
        Assert.True(server.TryFind(texts[5000], out var key, out _));
        var neighbour = server.Get(other.All[0].Id);

        other.Update(key.Id, settings => settings with { Name = "changed" });
        _folder.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.True(server.TryFind(texts[5000], out key, out _));
        Assert.Equal("changed", key.Name);
        Assert.Same(neighbour, server.Get(neighbour!.Id));
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Writes keys in one transaction: each by itself would wait for the disk.</summary>
    private List<string> Fill(int count)
    {
        using (KeyStore.Open(_folder.File, _folder.Time))
        {
        }

        using var database = Database.Open(_folder.File, SqliteOpenMode.ReadWrite, TimeSpan.FromSeconds(5));
        var book = new KeyBook(database);
        var texts = new List<string>(count);
        database.BeginImmediate();
        for (var i = 0; i < count; i++)
        {
            var id = KeyText.NewId(System.Security.Cryptography.RandomNumberGenerator.Fill);
            var text = KeyText.New(id, System.Security.Cryptography.RandomNumberGenerator.Fill);
            book.Add(new VirtualKey(new KeySettings { Name = $"key {i}" }) { Id = id, Prefix = KeyText.PrefixOf(text), CreatedAt = _folder.Time.GetUtcNow() }, KeyHash.Of(text));
            texts.Add(text);
        }

        database.Commit();
        return texts;
    }

    /// <summary>Nanoseconds of one lookup, in the best of some rounds: what the machine does besides only ever makes it slower.</summary>
    private static double Fastest(KeyStore store, List<string> texts)
    {
        var best = double.MaxValue;
        for (var round = 0; round < 30; round++)
        {
            var start = Stopwatch.GetTimestamp();
            for (var n = 0; n < 1000; n++) Assert.True(store.TryFind(texts[n % texts.Count], out _, out _));
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalNanoseconds / 1000);
        }

        return best;
    }
}
