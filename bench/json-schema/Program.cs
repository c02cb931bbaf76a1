using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using LlmGateway;

// One side of the benchmark: commands on standard input, one answer a line. See run.mjs.
var cases = new Dictionary<string, (JsonSchema Schema, byte[][] Valid, byte[][] Invalid)>();
using (var file = JsonDocument.Parse(File.ReadAllBytes(args[0])))
{
    foreach (var one in file.RootElement.EnumerateObject())
    {
        cases[one.Name] = (JsonSchema.From(one.Value.GetProperty("schema")), Texts(one.Value.GetProperty("valid")), Texts(one.Value.GetProperty("invalid")));
    }
}

var sink = 0;
while (Console.ReadLine() is { } line)
{
    var words = line.Split(' ');
    if (words[0] == "verdicts")
    {
        Console.WriteLine($"[{string.Join(',', cases.Values.Select(c => $"[{string.Join(',', c.Valid.Concat(c.Invalid).Select(bytes => c.Schema.IsValid(bytes) ? "true" : "false"))}]"))}]");
        continue;
    }

    var (schema, valid, invalid) = cases[words[1]];
    var texts = words[2] == "valid" ? valid : invalid;
    var length = long.Parse(words[3], CultureInfo.InvariantCulture) * Stopwatch.Frequency / 1000;
    long count = 0;
    var start = Stopwatch.GetTimestamp();
    var allocated = GC.GetAllocatedBytesForCurrentThread();
    var now = start;
    while (now - start < length)
    {
        for (var i = 0; i < 20; i++)
        {
            foreach (var bytes in texts)
            {
                if (schema.IsValid(bytes)) sink++;
            }
        }

        count += 20 * texts.Length;
        now = Stopwatch.GetTimestamp();
    }

    var perCall = (GC.GetAllocatedBytesForCurrentThread() - allocated) / (double)count;
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(now - start) * (1e9 / Stopwatch.Frequency) / count} {perCall}"));
}

return sink < 0 ? 1 : 0;

static byte[][] Texts(JsonElement texts) => [.. texts.EnumerateArray().Select(t => Encoding.UTF8.GetBytes(t.GetString()!))];
