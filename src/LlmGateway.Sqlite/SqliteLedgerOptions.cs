using LlmGateway.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace LlmGateway;

/// <summary>How a <see cref="SqliteLedger"/> is opened. Immutable.</summary>
public sealed record SqliteLedgerOptions
{
    /// <summary>The file, made where there is none; its folder must exist, on a local disk. Folders named after it with <c>.owners</c>, and files with <c>-wal</c> and <c>-shm</c>, belong to it.</summary>
    public required string Path { get; init; }

    /// <summary>What is done where it can't be written. Default <see cref="LedgerMode.Strict"/>.</summary>
    public LedgerMode Mode { get; init; } = LedgerMode.Strict;

    /// <summary>How many entries may wait for the disk, at least 1. Default 10,000.</summary>
    public int QueueCapacity
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(QueueCapacity), value, "At least 1.");
    } = 10_000;

    /// <summary>How many entries are written in one transaction at most, at least 1. Default 512.</summary>
    public int BatchSize
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(BatchSize), value, "At least 1.");
    } = 512;

    /// <summary>How long a call waits for room in the queue before it fails, without being sent. Default 5 seconds.</summary>
    public TimeSpan MaxWait { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long another process that writes is waited for. Default 5 seconds.</summary>
    public TimeSpan BusyTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The clock, of retries and of what is looked after each minute. Default the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Where to log. Default nowhere.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    /// <summary>For tests: the steps of the schema.</summary>
    internal IReadOnlyList<string> SchemaSteps { get; init; } = Schema.Steps;

    /// <summary>For tests: the most pages of the file, beyond which its disk counts as full.</summary>
    internal int? MaxPages { get; init; }
}
