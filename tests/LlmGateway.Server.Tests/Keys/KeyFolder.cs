using LlmGateway.Server.Keys;
using Microsoft.Extensions.Time.Testing;

namespace LlmGateway.Server.Tests.Keys;

/// <summary>A folder with a file of keys, and a clock that stands until it is set.</summary>
internal sealed class KeyFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("llm-gateway-keys-");
    private readonly List<KeyStore> _opened = [];

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 30, 12, 0, 0, TimeSpan.Zero));

    public string File => Path.Combine(_folder.FullName, "keys.db");

    public string Folder => _folder.FullName;

    /// <summary>Opens the file once more, as another process does.</summary>
    public KeyStore Open(FillRandom? random = null)
    {
        var store = KeyStore.Open(File, Time, random);
        _opened.Add(store);
        return store;
    }

    /// <summary>Why a text is no key; null where it is one.</summary>
    public static KeyRefusalReason? Refusal(KeyStore store, string? text) => store.TryFind(text, out _, out var refusal) ? null : refusal.Reason;

    public void Dispose()
    {
        foreach (var store in _opened) store.Dispose();
        _folder.Delete(recursive: true);
    }
}
