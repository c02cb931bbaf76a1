using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using LlmGateway.StructuredOutput.Extraction;

// The .NET side of run.mjs, which asks by lines: "read I", "repair I MS" and "parse I MS", of text I, for MS milliseconds.
var texts = JsonSerializer.Deserialize<string[]>(await File.ReadAllTextAsync(args[0]))!;
var strict = new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 128 };
while (Console.ReadLine() is { } line)
{
    var words = line.Split(' ');
    var text = texts[int.Parse(words[1], CultureInfo.InvariantCulture)];
    if (words[0] == "read")
    {
        using var reading = AnswerReader.Read(text, null);
        Console.WriteLine(reading.IsValid ? JsonSerializer.Serialize(reading.Document!.RootElement) : "refused: " + string.Join("; ", reading.Errors));
        continue;
    }

    var milliseconds = int.Parse(words[2], CultureInfo.InvariantCulture);
    Console.WriteLine((words[0] == "repair" ? Measure(Repair, milliseconds) : Measure(Parse, milliseconds)).ToString("F1", CultureInfo.InvariantCulture));

    void Repair()
    {
        using var reading = AnswerReader.Read(text, null);
        if (reading.Document is null) throw new InvalidOperationException("refused");
    }

    void Parse()
    {
        using var document = JsonDocument.Parse(text, strict);
    }
}

// Nanoseconds for one call, over as many as fit.
static double Measure(Action action, int milliseconds)
{
    var calls = 0L;
    var start = Stopwatch.GetTimestamp();
    var end = start + (milliseconds * Stopwatch.Frequency / 1000);
    var batch = 1;
    long now;
    do
    {
        for (var i = 0; i < batch; i++) action();
        calls += batch;
        now = Stopwatch.GetTimestamp();
        if (now - start < Stopwatch.Frequency / 1000) batch *= 2;
    }
    while (now < end);
    return (now - start) * 1e9 / Stopwatch.Frequency / calls;
}
