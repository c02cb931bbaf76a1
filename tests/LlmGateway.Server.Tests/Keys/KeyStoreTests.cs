using System.Text;
using LlmGateway.Server.Keys;
using LlmGateway.Sqlite;
using Microsoft.Data.Sqlite;

namespace LlmGateway.Server.Tests.Keys;

public sealed class KeyStoreTests : IDisposable
{
    private readonly KeyFolder _folder = new();

    private static KeySettings Alice => new() { Name = "alice" };

    [Fact]
    public void A_made_key_is_found_by_its_text_and_by_no_other()
    {
        var store = _folder.Open();
        Assert.False(store.HasKeys);
        var (key, text) = store.Create(Alice);
        store.Create(new KeySettings { Name = "bob" });

        Assert.Matches("^lgw_[0-9a-z]{10}_[A-Za-z0-9_-]{43}$", text);
        Assert.True(store.TryFind(text, out var found, out _));
        Assert.Equal((key.Id, "alice"), (found.Id, found.Name));
        Assert.StartsWith(key.Prefix, text, StringComparison.Ordinal);
        var told = new HashSet<string>();
        for (var i = 0; i < text.Length; i++)
        {
            var other = text[..i] + (text[i] == 'a' ? 'b' : 'a') + text[(i + 1)..];
            Assert.False(store.TryFind(other, out var none, out var refusal));
            Assert.Null(none);
            told.Add(refusal.Message);
        }

        Assert.False(store.TryFind(text + "a", out _, out var longer));
        Assert.False(store.TryFind("Bearer", out _, out var malformed));
        // An unknown one and a malformed one sound the same.
        Assert.Equal(malformed.Message, Assert.Single(told.Append(longer.Message).Distinct()));
        Assert.Equal((KeyRefusalReason.Malformed, 401), (malformed.Reason, malformed.HttpStatus));
        Assert.Equal(KeyRefusalReason.Missing, KeyFolder.Refusal(store, null));
    }

    [Fact]
    public void A_secret_is_nowhere_but_in_what_create_returns()
    {
        var (key, text) = _folder.Open().Create(Alice);
        var secret = text[^43..];

        Assert.DoesNotContain(secret[4..], key.ToString(), StringComparison.Ordinal);
        var kept = string.Concat(Directory.GetFiles(_folder.Folder).Select(file =>
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            return Encoding.Latin1.GetString(bytes.ToArray());
        }));
        Assert.Contains(KeyHash.Of(text).ToString(), kept, StringComparison.Ordinal);
        Assert.DoesNotContain(secret[4..], kept, StringComparison.Ordinal);
    }

    [Fact]
    public void All_that_is_set_is_there_when_the_file_is_opened_again()
    {
        var settings = new KeySettings
        {
            Name = "Größe 家 \"x\"",
            ExpiresAt = _folder.Time.GetUtcNow().AddDays(30),
            Models = ["gpt-*", "anthropic/*"],
            Routes = ["cheap"],
            MayFallBack = true,
            RequestsPerMinute = 60,
            TokensPerMinute = 100_000,
            MaxConcurrent = 4,
            Budgets = [new KeyBudget(20.05m, BudgetWindow.Month), new KeyBudget(100m, BudgetWindow.Total)],
            Tags = new Dictionary<string, string> { ["team"] = "search" },
        };
        string text;
        using (var store = KeyStore.Open(_folder.File, _folder.Time)) text = store.Create(settings).Secret;

        Assert.True(_folder.Open().TryFind(text, out var key, out _));
        Assert.Equal(settings.Name, key.Name);
        Assert.Equal(settings.ExpiresAt, key.ExpiresAt);
        Assert.Equal(settings.Models, key.Models);
        Assert.Equal(settings.Routes, key.Routes);
        Assert.Equal((true, 60, 100_000, 4), (key.MayFallBack, key.RequestsPerMinute, key.TokensPerMinute, key.MaxConcurrent));
        Assert.Equal(settings.Budgets, key.Budgets);
        Assert.Equal([($"key-{key.Id}-month", 20.05m), ($"key-{key.Id}-total", 100m)], key.CoreBudgets.Select(b => (b.Name, b.LimitUsd!.Value)));
        Assert.Equal(new Dictionary<string, string> { ["key"] = key.Id, ["team"] = "search" }, key.CallTags);
        Assert.Equal(_folder.Time.GetUtcNow(), key.CreatedAt);
    }

    [Fact]
    public void An_expired_key_is_refused_from_the_moment_on()
    {
        var store = _folder.Open();
        var (_, text) = store.Create(Alice with { ExpiresAt = _folder.Time.GetUtcNow().AddMinutes(1) });

        _folder.Time.Advance(TimeSpan.FromMinutes(1) - TimeSpan.FromTicks(1));
        Assert.Null(KeyFolder.Refusal(store, text));
        _folder.Time.Advance(TimeSpan.FromTicks(1));
        Assert.False(store.TryFind(text, out _, out var refusal));
        Assert.Equal((KeyRefusalReason.Expired, 401), (refusal.Reason, refusal.HttpStatus));
        Assert.Contains("2026-11-30T12:01:00Z", refusal.Message, StringComparison.Ordinal);
        Assert.Throws<KeySettingException>(() => store.Create(Alice with { ExpiresAt = _folder.Time.GetUtcNow() }));
    }

    [Fact]
    public void A_revoked_key_is_refused_at_once_and_stays_so()
    {
        var store = _folder.Open();
        var (key, text) = store.Create(Alice);
        var (_, second) = store.Rotate(key.Id, TimeSpan.FromHours(1))!.Value;

        Assert.NotNull(store.Revoke(key.Id)!.RevokedAt);
        Assert.Equal([KeyRefusalReason.Revoked, KeyRefusalReason.Revoked], new[] { text, second }.Select(t => KeyFolder.Refusal(store, t)));
        Assert.True(store.HasKeys);
        Assert.Throws<KeyRevokedException>(() => store.Update(key.Id, settings => settings));
        Assert.Throws<KeyRevokedException>(() => store.Rotate(key.Id, TimeSpan.Zero));
        var first = store.Get(key.Id)!.RevokedAt;
        _folder.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(first, store.Revoke(key.Id)!.RevokedAt);
        Assert.Null(store.Revoke("0000000000"));
    }

    [Fact]
    public void After_a_rotation_both_secrets_are_valid_for_the_overlap_and_then_only_the_new_one()
    {
        var store = _folder.Open();
        var (key, first) = store.Create(Alice);
        var (rotated, second) = store.Rotate(key.Id, TimeSpan.FromHours(24))!.Value;

        Assert.Equal(key.Id, rotated.Id);
        Assert.StartsWith(rotated.Prefix, second, StringComparison.Ordinal);
        _folder.Time.Advance(TimeSpan.FromHours(24) - TimeSpan.FromMilliseconds(1));
        Assert.Equal([null, null], new[] { first, second }.Select(t => KeyFolder.Refusal(store, t)));
        _folder.Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal([KeyRefusalReason.Rotated, null], new[] { first, second }.Select(t => KeyFolder.Refusal(store, t)));
    }

    [Fact]
    public void A_later_rotation_never_lengthens_what_an_earlier_one_gave()
    {
        var store = _folder.Open();
        var (key, first) = store.Create(Alice);
        var (_, second) = store.Rotate(key.Id, TimeSpan.FromHours(1))!.Value;
        var (_, third) = store.Rotate(key.Id, TimeSpan.FromHours(2))!.Value;

        _folder.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal([KeyRefusalReason.Rotated, null, null], new[] { first, second, third }.Select(t => KeyFolder.Refusal(store, t)));
        store.Rotate(key.Id, TimeSpan.Zero);
        Assert.Equal([KeyRefusalReason.Rotated, KeyRefusalReason.Rotated, KeyRefusalReason.Rotated], new[] { first, second, third }.Select(t => KeyFolder.Refusal(store, t)));
        Assert.Throws<ArgumentOutOfRangeException>(() => store.Rotate(key.Id, TimeSpan.FromSeconds(-1)));
    }

    [Fact]
    public void A_key_that_another_process_makes_is_good_at_once_and_what_it_changes_holds_within_a_second_and_is_not_looked_for_more_often()
    {
        var (server, other) = (_folder.Open(), _folder.Open());
        var (key, text) = other.Create(Alice);

        // The clock stands.
        Assert.Null(KeyFolder.Refusal(server, text));
        Assert.True(server.HasKeys);
        other.Revoke(key.Id);
        _folder.Time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.Null(KeyFolder.Refusal(server, text));
        _folder.Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(KeyRefusalReason.Revoked, KeyFolder.Refusal(server, text));
    }

    [Fact]
    public async Task Several_that_write_at_once_lose_nothing()
    {
        var stores = new[] { _folder.Open(), _folder.Open(), _folder.Open() };
        var texts = await Task.WhenAll(Enumerable.Range(0, 60).Select(n => Task.Run(() => stores[n % 3].Create(new KeySettings { Name = $"k{n}" }).Secret)));

        _folder.Time.Advance(TimeSpan.FromSeconds(1));
        foreach (var store in stores)
        {
            Assert.All(texts, text => Assert.Null(KeyFolder.Refusal(store, text)));
            Assert.Equal(60, store.All.Count);
        }
    }

    [Fact]
    public void An_id_that_is_taken_is_drawn_again()
    {
        var first = _folder.Open(bytes => bytes.Fill(7)).Create(Alice).Key;
        Assert.Equal("7777777777", first.Id);
        var tries = 0;
        var second = _folder.Open(bytes => bytes.Fill(bytes.Length == 32 ? (byte)99 : tries++ == 0 ? (byte)7 : (byte)8)).Create(Alice).Key;
        Assert.Equal(("8888888888", 2), (second.Id, tries));
    }

    [Fact]
    public void Only_this_user_may_read_the_files()
    {
        if (OperatingSystem.IsWindows()) return;
        const UnixFileMode own = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        File.WriteAllText(_folder.File, "");
        File.SetUnixFileMode(_folder.File, own | UnixFileMode.GroupRead | UnixFileMode.OtherRead);

        _folder.Open().Create(Alice);

        var files = Directory.GetFiles(_folder.Folder);
        Assert.Contains(files, file => file.EndsWith("-wal", StringComparison.Ordinal));
        foreach (var file in files) Assert.Equal(own, File.GetUnixFileMode(file));
    }

    [Fact]
    public void Keys_of_a_newer_version_and_files_of_others_are_left_alone()
    {
        _folder.Open().Create(Alice);
        Sql("PRAGMA user_version = 2");
        Assert.Contains("newer version", Assert.Throws<KeyStoreException>(() => _folder.Open()).Message, StringComparison.Ordinal);

        var other = Path.Combine(_folder.Folder, "other.db");
        using (var database = Database.Open(other, SqliteOpenMode.ReadWriteCreate, TimeSpan.FromSeconds(1))) database.Execute("CREATE TABLE mine (x)");
        Assert.Contains("no keys of this program", Assert.Throws<KeyStoreException>(() => KeyStore.Open(other)).Message, StringComparison.Ordinal);

        var damaged = Path.Combine(_folder.Folder, "damaged.db");
        File.WriteAllText(damaged, "no database, and longer than a header of sixteen bytes");
        Assert.Contains("damaged", Assert.Throws<KeyStoreException>(() => KeyStore.Open(damaged)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_that_can_no_longer_be_read_let_nobody_in_until_they_can()
    {
        var store = _folder.Open();
        var (key, text) = store.Create(Alice);
        Sql("PRAGMA user_version = 2");
        _folder.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.False(store.TryFind(text, out _, out var refusal));
        Assert.Equal((KeyRefusalReason.Unavailable, 503, 5), (refusal.Reason, refusal.HttpStatus, refusal.RetryAfterSeconds));
        Assert.Throws<KeyStoreException>(() => store.Revoke(key.Id));

        Sql("PRAGMA user_version = 1");
        _folder.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(KeyFolder.Refusal(store, text));
    }

    [Theory]
    [InlineData("name", "")]
    [InlineData("name", "a\nb")]
    [InlineData("models", "a b")]
    [InlineData("routes", "")]
    [InlineData("requests_per_minute", "0")]
    [InlineData("tokens_per_minute", "-1")]
    [InlineData("max_concurrent", "0")]
    [InlineData("budgets", "-1")]
    [InlineData("budgets", "two of one window")]
    [InlineData("tags", "key")]
    [InlineData("tags", "a=b")]
    public void A_setting_that_is_not_valid_is_refused_by_its_name(string field, string value)
    {
        var settings = field switch
        {
            "name" => Alice with { Name = value },
            "models" => Alice with { Models = [value] },
            "routes" => Alice with { Routes = [value] },
            "requests_per_minute" => Alice with { RequestsPerMinute = int.Parse(value) },
            "tokens_per_minute" => Alice with { TokensPerMinute = int.Parse(value) },
            "max_concurrent" => Alice with { MaxConcurrent = int.Parse(value) },
            "budgets" => Alice with { Budgets = value == "-1" ? [new KeyBudget(-1m, BudgetWindow.Day)] : [new KeyBudget(1m, BudgetWindow.Day), new KeyBudget(2m, BudgetWindow.Day)] },
            _ => Alice with { Tags = new Dictionary<string, string> { [value] = "x" } },
        };
        var store = _folder.Open();

        Assert.Equal(field, Assert.Throws<KeySettingException>(() => store.Create(settings)).Field);
        var (key, _) = store.Create(Alice);
        Assert.Equal(field, Assert.Throws<KeySettingException>(() => store.Update(key.Id, _ => settings)).Field);
        Assert.Equal("alice", store.Get(key.Id)!.Name);
    }

    public void Dispose() => _folder.Dispose();

    private void Sql(string sql)
    {
        using var database = Database.Open(_folder.File, SqliteOpenMode.ReadWrite, TimeSpan.FromSeconds(1));
        database.Execute(sql);
    }
}
