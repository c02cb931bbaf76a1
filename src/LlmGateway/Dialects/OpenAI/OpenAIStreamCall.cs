using System.Text;
using System.Text.Json;

namespace LlmGateway.Dialects.OpenAI;

/// <summary>A tool call while its pieces come.</summary>
/// <param name="part">Its place among the reply's parts.</param>
/// <param name="index">The vendor's index; null where it gives none.</param>
/// <param name="id">The vendor's id; null where it gives none.</param>
internal sealed class OpenAIStreamCall(int part, int? index, string? id)
{
    private readonly StringBuilder _arguments = new();

    public int Part => part;

    public int? Index => index;

    public string? Id => id;

    /// <summary>Whether the arguments that have come are JSON.</summary>
    public bool IsWhole
    {
        get
        {
            if (_arguments.Length == 0) return true;
            try
            {
                using var document = JsonDocument.Parse(_arguments.ToString());
                return true;
            }
            catch (JsonException)
            {
                return false;
            }
        }
    }

    public void Add(string arguments) => _arguments.Append(arguments);
}
