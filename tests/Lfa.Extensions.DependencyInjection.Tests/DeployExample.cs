using Lfa.Extensions.DependencyInjection;
using Lfa.Model;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace DeployExamples;

/// <summary>The example of docs/how-to/deploy.md, letter for letter: a change here is a change there.</summary>
internal static class DeployExample
{
    public static void Run(IServiceCollection services, IConfiguration configuration)
    {
        services.AddLfa("pets", "pets.safetensors");
        services.AddLfa(configuration.GetSection("Lfa"));

        using var provider = services.BuildServiceProvider();
        var pets = provider.GetRequiredKeyedService<LfaModel>("pets");
        var birds = provider.GetRequiredService<LfaModels>().Get("birds");
        Console.WriteLine($"{pets.ClassCount} pets, {birds.ClassCount} birds");
    }
}
