using Lfa.Data;
using Lfa.IO;

namespace Lfa.Cli.Tests.Support;

/// <summary>A folder with a small task: train.npz, test.npz and, once asked for, model.safetensors.</summary>
internal sealed class SmallTask : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public SmallTask()
    {
        (Train, Test) = MadeUpProblem.Create(new MadeUpProblemOptions { Classes = 6, Dimension = 24, Shots = 4, TestImages = 10, Groups = 2 });
        FeatureFile.Write(TrainPath, Train);
        FeatureFile.Write(TestPath, Test);
    }

    public FeatureSet Train { get; }

    public FeatureSet Test { get; }

    public string TrainPath => _folder["train.npz"];

    public string TestPath => _folder["test.npz"];

    public string FullName => _folder.FullName;

    /// <summary>Gets the path of a file in the folder.</summary>
    public string this[string name] => _folder[name];

    /// <summary>Gets the names of all files, sorted.</summary>
    public IEnumerable<string> Files => Directory.GetFileSystemEntries(_folder.FullName).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);

    /// <summary>Fits a model.</summary>
    /// <returns>Its path.</returns>
    public string FitModel(params string[] options)
    {
        Tool.Succeed(["fit", TrainPath, "-o", this["model.safetensors"], "--iterations", "3", .. options]);
        return this["model.safetensors"];
    }

    /// <summary>Writes a file.</summary>
    /// <returns>Its path.</returns>
    public string Write(string name, byte[] content) => _folder.Write(name, content);

    public void Dispose() => _folder.Dispose();
}
