using Lfa.Model;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Lfa.Extensions.DependencyInjection;

/// <summary>Registers models with an application.</summary>
/// <remarks>
/// A model is a keyed singleton <see cref="LfaModel"/>, loaded when it is first resolved and the same for the life of the
/// application. <see cref="LfaModels"/>, a singleton as well, gives the one of the latest change of the file.
/// </remarks>
public static class LfaServiceCollectionExtensions
{
    /// <summary>Registers a model.</summary>
    /// <param name="services">The services, which are changed.</param>
    /// <param name="name">The name of the model, the key of its service.</param>
    /// <param name="path">The path of the model file; relative to the current folder when the model is first asked for.</param>
    /// <param name="reloadOnChange">Whether <see cref="LfaModels"/> loads the file again when it changes. Default: no.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddLfa(this IServiceCollection services, string name, string path, bool reloadOnChange = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return services.AddModel(name).Configure<LfaModelOptions>(name, options => (options.Path, options.ReloadOnChange) = (path, reloadOnChange));
    }

    /// <summary>Registers the models of a configuration: each section in it is a model, its key the name, its values <see cref="LfaModelOptions"/>.</summary>
    /// <param name="services">The services, which are changed.</param>
    /// <param name="models">The configuration, such as the section "Lfa" of the application's; its sections of this moment count.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddLfa(this IServiceCollection services, IConfiguration models)
    {
        ArgumentNullException.ThrowIfNull(models);
        foreach (var model in models.GetChildren())
            services.AddModel(model.Key).Configure<LfaModelOptions>(model.Key, model);
        return services;
    }

    private static IServiceCollection AddModel(this IServiceCollection services, string name)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrEmpty(name);
        services.TryAddSingleton(provider => new LfaModels(
            provider.GetRequiredService<IOptionsMonitor<LfaModelOptions>>(),
            provider.GetService<ILogger<LfaModels>>() ?? NullLogger<LfaModels>.Instance));
        services.TryAddKeyedSingleton(name, (provider, _) => provider.GetRequiredService<LfaModels>().Get(name));
        return services;
    }
}
