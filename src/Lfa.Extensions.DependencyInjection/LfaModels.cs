using System.Collections.Concurrent;
using Lfa.Model;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Lfa.Extensions.DependencyInjection;

/// <summary>The models of an application by name, each as its file is now where <see cref="LfaModelOptions.ReloadOnChange"/> is set.</summary>
/// <remarks>
/// A model is loaded when it is first asked for. A file that cannot be loaded on change, such as one that is half written, is
/// logged as a warning, and the model stays as it is. Replace a file by a rename, as <see cref="LfaModel.Save(string)"/> does.
/// Instances are safe for use by several threads at once; a model that was handed out never changes.
/// </remarks>
public sealed class LfaModels : IDisposable
{
    private readonly ConcurrentDictionary<string, ModelSource> _sources = new(StringComparer.Ordinal);
    private readonly Lock _opening = new();
    private readonly IOptionsMonitor<LfaModelOptions> _options;
    private readonly ILogger _logger;
    private bool _disposed;

    internal LfaModels(IOptionsMonitor<LfaModelOptions> options, ILogger logger) => (_options, _logger) = (options, logger);

    /// <summary>Returns the model of a name: the one of its file when it was first asked for, or of the latest change since.</summary>
    /// <param name="name">The name that <see cref="LfaServiceCollectionExtensions"/> registered.</param>
    /// <exception cref="LfaDataException">No path is registered for the name, or the file is missing or damaged; the next call tries again.</exception>
    /// <exception cref="ObjectDisposedException">The application has ended, and the model was not loaded before.</exception>
    public LfaModel Get(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return (_sources.TryGetValue(name, out var source) ? source : Open(name)).Current;
    }

    /// <summary>Stops watching the files. Models that were loaded remain usable.</summary>
    public void Dispose()
    {
        lock (_opening)
        {
            _disposed = true;
            foreach (var source in _sources.Values)
                source.Dispose();
        }
    }

    private ModelSource Open(string name)
    {
        lock (_opening)
        {
            if (_sources.TryGetValue(name, out var opened))
                return opened;
            ObjectDisposedException.ThrowIf(_disposed, this);
            var options = _options.Get(name);
            if (string.IsNullOrEmpty(options.Path))
                throw new LfaDataException($"There is no path for the model {name}; register it by AddLfa.") { Subject = name };
            return _sources[name] = Open(name, options.Path, options.ReloadOnChange);
        }
    }

    private ModelSource Open(string name, string path, bool reloadOnChange)
    {
        try
        {
            return new ModelSource(path, reloadOnChange, _logger);
        }
        catch (Exception e) when (e is IOException or LfaDataException)
        {
            throw new LfaDataException($"The model {name} cannot be loaded: {e.Message}", e) { Subject = path };
        }
    }
}
