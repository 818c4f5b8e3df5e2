using Lfa.Methods;
using Lfa.Protocols.Configuration;

namespace Lfa.Protocols;

/// <summary>Reads the JSON file that describes an experiment; docs/reference/experiments.md lists its keys.</summary>
public static class ProtocolFile
{
    private static readonly int[] PublishedSeeds = [1, 2, 3];

    /// <summary>Reads a file; what it leaves out is as published.</summary>
    /// <param name="path">The file; paths in it are relative to its folder.</param>
    /// <param name="protocol">The kind of experiment.</param>
    /// <returns>The experiment.</returns>
    /// <exception cref="LfaDataException">A key or a value is wrong; the message names the file, the line and what is expected.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ProtocolPlan Read(string path, IProtocol protocol)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(protocol);
        var config = ConfigReader.Read(path);
        config.RequireKeys("data", "root", "model", "output", "shots", "seeds", "methods", "iterations");
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var output = Path.Combine(folder, config.Find("output")?.Text() ?? Path.GetFileNameWithoutExtension(path));
        if (File.Exists(output))
            throw (config.Find("output") ?? config).Bad($"{output} is a file; name a folder for the results with the key \"output\".");
        return new ProtocolPlan
        {
            Protocol = protocol,
            Output = output,
            Data = new DataEntries(config, folder, output, protocol).Read(),
            Model = config.Find("model") is { } model ? ReadModel(model, folder) : null,
            Shots = config.Find("shots")?.List(ReadShots) ?? protocol.PublishedShots,
            Seeds = config.Find("seeds")?.List(value => value.Integer()) ?? PublishedSeeds,
            Methods = config.Find("methods")?.List(value => ReadMethod(value, protocol)) ?? protocol.Methods,
            Iterations = config.Find("iterations")?.Integer(least: 1),
        };
    }

    private static string ReadModel(ConfigValue value, string folder) => Path.Combine(folder, value.Text()) is var path && Directory.Exists(path) ? path : value.Text();

    private static Shots ReadShots(ConfigValue value) =>
        !value.IsText ? new Shots(value.Integer(least: 1))
        : value.Text() == Shots.All.ToString() ? Shots.All
        : throw value.Expected("a number, or \"all\"");

    private static string ReadMethod(ConfigValue value, IProtocol protocol) =>
        MethodRegistry.Find(value.Text())?.Name is { } known && protocol.Methods.Contains(known) ? known : protocol.Methods.Contains(value.Text()) ? value.Text() : throw value.Expected($"a method among {string.Join(", ", protocol.Methods)}");
}
