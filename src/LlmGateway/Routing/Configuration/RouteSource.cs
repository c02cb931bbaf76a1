using LlmGateway.Telemetry;
using LlmGateway.Vendors;
using Microsoft.Extensions.Logging;

namespace LlmGateway.Routing.Configuration;

/// <summary>
/// Holds the routes in force, and reads them anew when their file has changed, which is looked for when they are asked for,
/// and at most once a second: no watcher that misses a change, and no thread of its own. A file that is invalid, or gone,
/// leaves in force what was read before, and is told of once. Safe for concurrent use.
/// </summary>
internal sealed class RouteSource
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly GatewayConfig _config;
    private readonly ProviderRegistry _registry;
    private readonly string? _own;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Action<RouteBook>? _check;
    private readonly IReadOnlyList<Vendor> _ofVendorsFile;
    private readonly string? _path;
    private readonly Lock _reading = new();
    private volatile RouteBook _book;
    private FileStamp? _stamp;
    private long _lookedAt;

    /// <param name="config">The configuration, checked; it is not changed afterwards.</param>
    /// <param name="registry">The providers that targets may be at.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where it says that it has read the file anew, or could not.</param>
    /// <param name="own">The vendor of the client's own provider, which need not be registered; null for none.</param>
    /// <param name="check">Looks at a book that was read anew, and throws a <see cref="GatewayException"/> where it will not do; null for no such look.</param>
    /// <exception cref="ProviderInitException">The file cannot be read, or something in it or in the configuration is wrong.</exception>
    public RouteSource(GatewayConfig config, ProviderRegistry registry, TimeProvider time, ILogger logger, string? own = null, Action<RouteBook>? check = null)
    {
        _config = config;
        _registry = registry;
        _own = own;
        _time = time;
        _logger = logger;
        _check = check;
        _ofVendorsFile = config.VendorsFile is { } vendors ? VendorFile.Load(vendors) : [];
        GatewayFile? file = null;
        if (config.ConfigFile is { } path)
        {
            // Whole, so that the file stays the same one when the process goes to another folder.
            _path = Path.GetFullPath(path);
            _lookedAt = time.GetTimestamp();
            (_stamp, var utf8) = FileStamp.Read(_path, unless: null);
            file = utf8 is null ? throw new ProviderInitException($"{GatewayFile.Setting}: {path}: {_stamp.Trouble}", setting: GatewayFile.Setting) : GatewayFile.Read(path, utf8);
        }

        _book = RouteBook.Make(config, file, _ofVendorsFile, registry, own);
    }

    /// <summary>The routes in force.</summary>
    public RouteBook Current
    {
        get
        {
            if (_path is null || _time.GetElapsedTime(Interlocked.Read(ref _lookedAt)) < Interval) return _book;

            // Who comes while another reads goes on with what there is.
            if (!_reading.TryEnter()) return _book;
            try
            {
                if (_time.GetElapsedTime(_lookedAt) >= Interval)
                {
                    Interlocked.Exchange(ref _lookedAt, _time.GetTimestamp());
                    Look(_path);
                }
            }
            finally
            {
                _reading.Exit();
            }

            return _book;
        }
    }

    private void Look(string path)
    {
        var (stamp, utf8) = FileStamp.Read(path, unless: _stamp);
        if (stamp == _stamp) return;
        _stamp = stamp;
        if (utf8 is null)
        {
            _logger.ConfigFileInvalid($"{GatewayFile.Setting}: {_config.ConfigFile}: {stamp.Trouble}");
            return;
        }

        try
        {
            var file = GatewayFile.Read(_config.ConfigFile!, utf8);
            var book = RouteBook.Make(_config, file, _ofVendorsFile, _registry, _own);
            _check?.Invoke(book);
            _book = book;
            _logger.ConfigFileRead(_config.ConfigFile!, file.Routes.Count, file.Vendors.Count);
        }
        catch (GatewayException e)
        {
            _logger.ConfigFileInvalid(e.Message);
        }
    }
}
