using System.Buffers;
using System.Diagnostics;
using System.Reflection;
using LlmGateway.Server.Hosting;

namespace LlmGateway.Server.Metrics;

/// <summary>A value of the server's own that is read when it is asked for.</summary>
/// <param name="Name">Its name, as Prometheus writes it.</param>
/// <param name="Help">What it is.</param>
/// <param name="Read">Reads it; cheap.</param>
internal sealed record ServerGauge(string Name, string Help, Func<double> Read)
{
    /// <summary>Whether it only grows.</summary>
    public bool IsCounter { get; init; }

    /// <summary>Its labels, without the braces; empty for none.</summary>
    public string Labels { get; init; } = "";

    /// <summary>Read when it is first asked for: starting is not to wait for it.</summary>
    private static readonly Lazy<double> Started = new(static () =>
    {
        using var process = Process.GetCurrentProcess();
        return new DateTimeOffset(process.StartTime.ToUniversalTime()).ToUnixTimeMilliseconds() / 1000d;
    });

    /// <summary>What there is to tell of a gateway and its process.</summary>
    public static IReadOnlyList<ServerGauge> Of(Gateway gateway)
    {
        return
        [
            new("llm_gateway_server_info", "The version that runs.", static () => 1) { Labels = PrometheusText.LabelsOf([new("version", Version)]) },
            new("llm_gateway_server_open_calls", "Requests under way.", () => gateway.Calls),
            new("llm_gateway_server_open_streams", "Streamed answers under way.", () => gateway.Streams),
            new("llm_gateway_server_keys", "Keys that are defined, valid or not.", () => gateway.Data?.Keys.All.Count ?? 0),
            new("llm_gateway_server_draining", "1 where it stops and takes no new calls.", () => gateway.IsStopping ? 1 : 0),
            new("process_resident_memory_bytes", "Memory in use by the process.", static () => Environment.WorkingSet),
            new("process_cpu_seconds_total", "Processor time that the process has used.", static () => Environment.CpuUsage.TotalTime.TotalSeconds) { IsCounter = true },
            new("process_start_time_seconds", "When the process began, in seconds since 1970.", static () => Started.Value),
            new("dotnet_gc_heap_bytes", "Memory of objects.", static () => GC.GetTotalMemory(forceFullCollection: false)),
            new("dotnet_gc_pause_seconds_total", "Time that collections have stopped the process for.", static () => GC.GetTotalPauseDuration().TotalSeconds) { IsCounter = true },
            new("dotnet_threadpool_threads", "Threads that work.", static () => ThreadPool.ThreadCount),
        ];
    }

    public static string Version { get; } = typeof(ServerGauge).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    public void Write(IBufferWriter<byte> to)
    {
        PrometheusText.WriteHead(to, Name, Help, IsCounter ? "counter" : "gauge");
        PrometheusText.WriteSample(to, Name, "", Labels, null, Read());
    }
}
