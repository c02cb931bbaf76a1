using LlmGateway.Server.Keys;

// keys-worker FILE: makes, rotates and revokes keys without end, and says on standard output what is done once it is: "made KEY",
// "rotated OLD KEY", "revoked KEY". It is a process of its own so that it can be killed.
var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true, NewLine = "\n" };
using var keys = KeyStore.Open(args[0]);
output.WriteLine("ready");
for (var n = 0; ; n++)
{
    var (key, text) = keys.Create(new KeySettings { Name = $"key {n}" });
    output.WriteLine($"made {text}");
    if (n % 3 == 1)
    {
        var secret = keys.Rotate(key.Id, TimeSpan.Zero)!.Value.Secret;
        output.WriteLine($"rotated {text} {secret}");
    }

    if (n % 3 == 2)
    {
        keys.Revoke(key.Id);
        output.WriteLine($"revoked {text}");
    }
}
