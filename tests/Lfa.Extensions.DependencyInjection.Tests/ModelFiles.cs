using Lfa.Data;
using Lfa.Methods;
using Lfa.Model;
using Microsoft.Extensions.Configuration;

namespace Lfa.Extensions.DependencyInjection.Tests;

/// <summary>Models that differ in their number of classes, and configurations that name their files.</summary>
internal static class ModelFiles
{
    public static string Save(string path, int classes)
    {
        var (train, _) = MadeUpProblem.Create(new MadeUpProblemOptions { Classes = classes, Dimension = 8, Shots = 1, TestImages = 1, Groups = 2 });
        LfaModel.Fit(train, new ZeroShotMethod()).Save(path);
        return path;
    }

    public static IConfiguration Configuration(params (string Key, string Value)[] values) =>
        new ConfigurationBuilder().AddInMemoryCollection(values.Select(value => KeyValuePair.Create(value.Key, (string?)value.Value))).Build();
}
