using Microsoft.Win32.SafeHandles;

namespace LlmGateway.Routing.Configuration;

/// <summary>What tells one state of a file from another.</summary>
/// <param name="Written">When it was last written.</param>
/// <param name="Length">In bytes.</param>
/// <param name="Trouble">Why it can't be read; null where it can.</param>
internal sealed record FileStamp(DateTime Written, long Length, string? Trouble)
{
    /// <summary>
    /// The file's stamp and content, of one open file, so that they belong together, and behind any link: a mounted
    /// configuration is replaced by a change of links. The content is null where the stamp is the one known, or there is trouble.
    /// </summary>
    public static (FileStamp Stamp, byte[]? Content) Read(string path, FileStamp? unless)
    {
        try
        {
            // Its writer may write, or put another in its place.
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var stamp = new FileStamp(File.GetLastWriteTimeUtc(file), RandomAccess.GetLength(file), null);
            return (stamp, stamp == unless ? null : Content(file));
        }
        catch (Exception e) when (GatewayFile.IsUnreadable(e))
        {
            return (new FileStamp(default, 0, e.Message), null);
        }
    }

    private static byte[] Content(SafeFileHandle file)
    {
        var bytes = new byte[RandomAccess.GetLength(file)];
        var length = 0;
        while (length < bytes.Length && RandomAccess.Read(file, bytes.AsSpan(length), length) is > 0 and var read) length += read;
        return bytes[..length];
    }
}
