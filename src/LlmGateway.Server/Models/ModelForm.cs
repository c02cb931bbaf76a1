namespace LlmGateway.Server.Models;

/// <summary>Whose form a list of models has.</summary>
internal enum ModelForm
{
    OpenAI,
    Anthropic,
    Gemini,
}
