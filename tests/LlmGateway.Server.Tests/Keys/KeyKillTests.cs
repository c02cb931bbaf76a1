using System.Diagnostics;
using System.Text;
using LlmGateway.Server.Keys;

namespace LlmGateway.Server.Tests.Keys;

/// <summary>A process that writes keys is killed at a random moment: what it had said was done is done.</summary>
public sealed class KeyKillTests : IDisposable
{
    private const int Kills = 12;

    private readonly KeyFolder _folder = new();

    [Fact]
    public async Task After_a_kill_at_any_moment_what_was_done_is_done()
    {
        var said = new StringBuilder();
        for (var kill = 0; kill < Kills; kill++)
        {
            using var worker = Process.Start(new ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "keys-worker.dll"), _folder.File]) { RedirectStandardOutput = true })!;
            try
            {
                Assert.Equal("ready", await worker.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
                var lines = Random.Shared.Next(1, 40); // A moment is random anyhow.
                for (var line = 0; line < lines; line++) said.AppendLine(await worker.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
            }
            finally
            {
                worker.Kill();
            }

            said.Append(await worker.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken));
            await worker.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        // The last word on each key, and what each says must be so; a line that was cut says nothing.
        var states = new Dictionary<string, KeyRefusalReason?>();
        foreach (var line in said.ToString().Split('\n', StringSplitOptions.TrimEntries))
        {
            switch (line.Split(' '))
            {
                case ["made", { Length: KeyText.Length } text]:
                    states[text] = null;
                    break;
                case ["rotated", var old, { Length: KeyText.Length } text]:
                    (states[old], states[text]) = (KeyRefusalReason.Rotated, null);
                    break;
                case ["revoked", { Length: KeyText.Length } text]:
                    states[text] = KeyRefusalReason.Revoked;
                    break;
            }
        }

        Assert.True(states.Count > Kills);
        var further = Kills;
        using var store = KeyStore.Open(_folder.File);
        foreach (var (text, expected) in states)
        {
            var actual = store.TryFind(text, out _, out var refusal) ? null : (KeyRefusalReason?)refusal.Reason;
            // The last key of a killed one may be further than it could say.
            if (actual != expected) Assert.True(expected is null && actual is KeyRefusalReason.Rotated or KeyRefusalReason.Revoked && --further >= 0, $"{expected} was said, {actual} is so.");
        }
    }

    public void Dispose() => _folder.Dispose();
}
