using Lfa.Model;
using Microsoft.Extensions.Logging;

namespace Lfa.Extensions.DependencyInjection;

/// <summary>A model file and its present model.</summary>
internal sealed partial class ModelSource : IDisposable
{
    // A file is loaded once nothing has happened to it for so long: a copy arrives in many writes.
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(250);

    private readonly string _path;
    private readonly ILogger _logger;
    private readonly Lock _reloading = new();
    private readonly Timer? _timer;
    private readonly FileSystemWatcher? _watcher;
    private volatile LfaModel _current;

    /// <summary>Loads the model, and watches its file from before that on.</summary>
    public ModelSource(string path, bool reloadOnChange, ILogger logger)
    {
        var file = new FileInfo(path);
        (_path, _logger) = (file.FullName, logger);
        try
        {
            if (reloadOnChange && file.Exists)
            {
                _timer = new Timer(_ => Reload());
                _watcher = Watch(file, _timer);
            }
            lock (_reloading)
                _current = LfaModel.Load(_path);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public LfaModel Current => _current;

    public void Dispose()
    {
        _watcher?.Dispose();
        _timer?.Dispose();
    }

    private static FileSystemWatcher Watch(FileInfo file, Timer timer)
    {
        var watcher = new FileSystemWatcher(file.DirectoryName!, file.Name) { NotifyFilter = NotifyFilters.FileName | NotifyFilters.LastWrite | NotifyFilters.Size };
        watcher.Changed += (_, _) => Restart();
        watcher.Created += (_, _) => Restart();
        watcher.Renamed += (_, _) => Restart();
        watcher.Error += (_, _) => Restart(); // Changes may have been missed.
        watcher.EnableRaisingEvents = true;
        return watcher;

        void Restart() => timer.Change(Quiet, Timeout.InfiniteTimeSpan);
    }

    private void Reload()
    {
        lock (_reloading) // An earlier state of the file must not replace a later one.
        {
            try
            {
                _current = LfaModel.Load(_path);
                Reloaded(_logger, _path);
            }
            catch (Exception e) // Nothing above this timer would catch it, and the process would end.
            {
                KeptOld(_logger, _path, e.Message);
            }
        }
    }

    [LoggerMessage(1, LogLevel.Information, "{Path} has changed and is loaded.")]
    private static partial void Reloaded(ILogger logger, string path);

    [LoggerMessage(2, LogLevel.Warning, "{Path} has changed but cannot be loaded; the model before it stays: {Problem}")]
    private static partial void KeptOld(ILogger logger, string path, string problem);
}
