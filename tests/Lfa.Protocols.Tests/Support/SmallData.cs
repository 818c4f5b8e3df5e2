using System.Text;
using Lfa.Data;
using Lfa.IO;

namespace Lfa.Protocols.Tests.Support;

/// <summary>A folder with two small datasets, "animals" and "birds", and the files that describe experiments on them.</summary>
internal sealed class SmallData : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public SmallData()
    {
        Write("animals", seed: 1);
        Write("birds", seed: 2);
    }

    /// <summary>Gets the path of a file in the folder.</summary>
    public string this[string name] => _folder[name];

    /// <summary>Writes NAME-train.npz and NAME-test.npz.</summary>
    public void Write(string name, int seed)
    {
        var (train, test) = MadeUpProblem.Create(new MadeUpProblemOptions { Classes = 5, Dimension = 16, Shots = 4, TestImages = 6, Groups = 2 }, seed);
        FeatureFile.Write(_folder[$"{name}-train.npz"], train);
        FeatureFile.Write(_folder[$"{name}-test.npz"], test);
    }

    /// <summary>Writes a configuration.</summary>
    /// <returns>Its path.</returns>
    public string Config(string json, string name = "trial.json") => _folder.Write(name, Encoding.UTF8.GetBytes(json));

    /// <summary>Describes an experiment.</summary>
    /// <param name="protocol">The kind.</param>
    /// <param name="rest">The keys beside the data, each with a comma before it.</param>
    /// <param name="names">The datasets.</param>
    public ProtocolPlan Plan(IProtocol protocol, string rest = "", params string[] names) =>
        ProtocolFile.Read(Config($$"""{"data": [{{string.Join(", ", names.Select(Data))}}]{{rest}}}"""), protocol);

    /// <summary>Returns the entry of a dataset.</summary>
    public static string Data(string name) => $$"""{"name": "{{name}}", "train": "{{name}}-train.npz", "test": "{{name}}-test.npz"}""";

    public void Dispose() => _folder.Dispose();
}
