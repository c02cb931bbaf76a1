using System.Text.Json;
using CsCheck;

namespace LlmGateway.Dialects.Tests.Laws;

/// <summary>Random requests and replies of what every dialect can say.</summary>
internal static class Gens
{
    private static readonly JsonElement Schema = JsonDocument.Parse("""{"type":"object","properties":{"a":{"type":"integer"}},"required":["a"],"additionalProperties":false}""").RootElement;

    public static readonly Gen<string> Word = Gen.String[Gen.Char["aZ09é漢 \n\"\\\u007f"], 1, 12].Where(text => text.Trim().Length > 0);

    public static readonly Gen<string> Arguments = Gen.OneOf("{}", """{"a":1}""", """{"a": 1.50, "b":[1e2,-0.0]}""", """{"é":"\"x\\"}""");

    private static readonly Gen<LlmPart> Text = Word.Select(text => (LlmPart)new TextPart(text));

    private static readonly Gen<LlmPart> Image = Gen.OneOf("AAAA", "/9j/4AAQ").Select(data => (LlmPart)new ImagePart(MediaSource.FromBase64(data, "image/png")));

    private static readonly Gen<LlmMessage> User = Gen.Select(Text, Image, Gen.Bool, (text, image, both) => new LlmMessage(LlmRole.User, both ? [text, image] : [text]));

    /// <summary>A turn with calls, and the turn with their results.</summary>
    private static readonly Gen<LlmMessage[]> Calls = Gen.Select(Gen.Int[1, 3], Arguments, Word, Gen.Int[0, 999], (count, arguments, result, seed) => new[]
    {
        new LlmMessage(LlmRole.Assistant, Enumerable.Range(0, count).Select(i => new ToolCallPart($"call_{seed}_{i}", $"f{i}", arguments))),
        new LlmMessage(LlmRole.Tool, Enumerable.Range(0, count).Select(i => new ToolResultPart($"call_{seed}_{i}", result))),
    });

    private static readonly Gen<LlmMessage[]> Turn = Gen.OneOf(
        Gen.Select(User, Word, (user, answer) => new[] { user, LlmMessage.Assistant(answer) }),
        Gen.Select(User, Calls, Word, (user, calls, answer) => (LlmMessage[])[user, .. calls, LlmMessage.Assistant(answer)]));

    public static readonly Gen<LlmRequest> Request = Gen.Select(
        Gen.Bool,
        Turn.Array[0, 3],
        User,
        Gen.Int[1, 9999],
        Gen.OneOf<double?>(null, 0, 0.25, 1),
        Gen.OneOf<double?>(null, 0.5),
        Gen.Bool,
        Gen.Bool,
        (hasSystem, turns, last, maxTokens, temperature, topP, hasTools, stream) => new LlmRequest
        {
            Model = "m/x:1",
            Messages = [.. hasSystem ? new[] { LlmMessage.System("Be brief.") } : [], .. turns.SelectMany(turn => turn), last],
            MaxTokens = maxTokens,
            Temperature = temperature,
            TopP = topP,
            Tools = hasTools ? [new LlmTool("f0", "Does.", Schema)] : [],
            ToolChoice = hasTools ? new LlmToolChoice(LlmToolChoiceMode.Required) : null,
            Stream = stream,
        });

    public static readonly Gen<LlmReply> Reply = Gen.Select(
        Word,
        Gen.Int[0, 2],
        Arguments,
        Gen.Long[0, 100_000],
        Gen.Long[0, 100_000],
        Gen.Long[0, 1000],
        Gen.Bool,
        (text, calls, arguments, input, output, cached, isCut) => new LlmReply
        {
            Id = "r_1",
            Model = "m",
            Parts = [new TextPart(text), .. Enumerable.Range(0, calls).Select(i => new ToolCallPart($"call_{i}", $"f{i}", arguments))],
            FinishReason = calls > 0 ? FinishReason.ToolCalls : isCut ? FinishReason.Length : FinishReason.Stop,
            Usage = new TokenUsage { InputTokens = input + cached, CacheReadTokens = cached, OutputTokens = output },
        });
}
