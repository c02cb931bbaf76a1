using System.Buffers;
using System.Text;
using System.Text.Json;
using LlmGateway.Dialects;

namespace LlmGateway.Providers.LocalGemini;

/// <summary>
/// The <c>settings.json</c> of a run, in a home of its own: no retries, no tools, nothing of this machine in the prompt, and
/// nothing sent but the question. Names: https://github.com/google-gemini/gemini-cli/blob/main/docs/reference/configuration.md,
/// and tried with version 0.61.0, which ignores the names that it does not know.
/// </summary>
internal static class GeminiSettings
{
    /// <param name="request">What is asked.</param>
    /// <param name="login">The CLI's word for the way of logging in.</param>
    /// <param name="report">Where the CLI writes down why the answer ended, which its output does not say.</param>
    /// <param name="losses">What cannot be said, in words.</param>
    public static string Of(LlmRequest request, string login, string report, List<string> losses)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, JsonWrite.Options))
        {
            json.WriteStartObject();
            Section("general", ("maxAttempts", 1), ("retryFetchErrors", false), ("enableAutoUpdate", false), ("enableAutoUpdateNotification", false));
            Section("model", ("maxSessionTurns", 1), ("disableLoopDetection", true), ("skipNextSpeakerCheck", true), ("compressionThreshold", 1));
            json.WriteStartObject("tools"u8);
            json.WriteStartArray("core"u8);
            json.WriteStringValue("none"u8); // An empty list means all.
            json.WriteEndArray();
            json.WriteEndObject();
            Section("skills", ("enabled", false));
            Section("hooksConfig", ("enabled", false));
            Section("ide", ("enabled", false));
            Section("context", ("fileName", "none"), ("includeDirectoryTree", false));
            Section("privacy", ("usageStatisticsEnabled", false));
            Section("advanced", ("ignoreLocalEnv", true), ("autoConfigureMemory", false));
            Section("telemetry", ("enabled", true), ("target", "local"), ("outfile", report), ("logPrompts", false), ("useCollector", false));
            json.WriteStartObject("security"u8);
            Section("auth", ("selectedType", login));
            json.WriteEndObject();

            // Without these the CLI asks another model where it thinks that better, with a temperature of its own.
            Section("experimental", ("enableAgents", false), ("dynamicModelConfiguration", true));
            json.WriteStartObject("modelConfigs"u8);
            json.WriteStartObject("modelIdResolutions"u8);
            json.WriteStartObject(request.Model);
            json.WriteString("default"u8, request.Model);
            json.WriteStartArray("contexts"u8);
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteStartObject("customAliases"u8);
            json.WriteStartObject(request.Model);
            json.WriteStartObject("modelConfig"u8);
            json.WriteString("model"u8, request.Model);
            json.WriteStartObject("generateContentConfig"u8);
            GeminiGeneration.Write(json, request, losses);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();

            void Section(string name, params ReadOnlySpan<(string Name, object Value)> members)
            {
                json.WriteStartObject(name);
                foreach (var (member, value) in members)
                {
                    if (value is bool flag) json.WriteBoolean(member, flag);
                    else if (value is int number) json.WriteNumber(member, number);
                    else json.WriteString(member, (string)value);
                }

                json.WriteEndObject();
            }
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }
}
