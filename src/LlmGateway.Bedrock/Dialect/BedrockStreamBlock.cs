using System.Text;
using System.Text.Json;

namespace LlmGateway.Dialects.Bedrock;

/// <summary>What has come of one content block of a stream.</summary>
internal sealed class BedrockStreamBlock(int part, BedrockBlockKind kind)
{
    private string _blob = "";

    /// <summary>The part's place in the reply.</summary>
    public int Part => part;

    public BedrockBlockKind Kind => kind;

    /// <summary>The block's start, as text of an object, for kinds that are given whole at their end.</summary>
    public string Start { get; init; } = "{}";

    /// <summary>The pieces of a call's input.</summary>
    public StringBuilder Input { get; } = new();

    /// <summary>The pieces of a vendor-side tool's result.</summary>
    public List<string> Pieces { get; } = [];

    /// <summary>The members of an image behind its format.</summary>
    public string? Error { get; set; }

    public bool IsStopped { get; set; }

    /// <summary>The bytes so far, in base64.</summary>
    public string Blob => _blob;

    /// <summary>Adds to the bytes. Text in base64 can be put behind another only where that one ends on a boundary.</summary>
    public void AddBlob(string base64)
    {
        if (_blob.Length == 0)
        {
            _blob = base64;
            return;
        }

        try
        {
            _blob = _blob.EndsWith('=') || _blob.Length % 4 != 0
                ? Convert.ToBase64String([.. Convert.FromBase64String(_blob), .. Convert.FromBase64String(base64)])
                : _blob + base64;
        }
        catch (FormatException e)
        {
            throw new JsonException("Bytes are not in base64.", e);
        }
    }
}

/// <summary>The kinds of content blocks of a stream.</summary>
internal enum BedrockBlockKind
{
    Text,
    Thinking,
    ToolCall,

    /// <summary>A call of a tool of the vendor's.</summary>
    VendorCall,

    /// <summary>The result of such a call.</summary>
    VendorResult,
    Image,

    /// <summary>A kind that is younger than this code.</summary>
    Unknown,
}
