using Lfa.Protocols.Configuration;

namespace Lfa.Protocols;

/// <summary>Reads the JSON file that describes an experiment; docs/protocols.md lists its keys.</summary>
public static class ProtocolFile
{
    private static readonly int[] PublishedSeeds = [1, 2, 3];

    /// <summary>Reads a file; what it leaves out is as published.</summary>
    /// <param name="path">The file; paths in it are relative to its folder.</param>
    /// <param name="protocol">The kind of experiment.</param>
    /// <returns>The experiment.</returns>
    /// <exception cref="InvalidDataException">A key or a value is wrong; the message names the file, the line and what is expected.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ProtocolPlan Read(string path, IProtocol protocol)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(protocol);
        var config = ConfigReader.Read(path);
        config.RequireKeys("output", "data", "shots", "seeds", "methods", "iterations");
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var data = config.Get("data").List(value => ReadData(value, folder, protocol), one => one.Name);
        return new ProtocolPlan
        {
            Protocol = protocol,
            Output = Path.Combine(folder, config.Find("output")?.Text() ?? Path.GetFileNameWithoutExtension(path)),
            Data = data,
            Shots = config.Find("shots")?.List(ReadShots) ?? protocol.PublishedShots,
            Seeds = config.Find("seeds")?.List(value => value.Integer()) ?? PublishedSeeds,
            Methods = config.Find("methods")?.List(value => ReadMethod(value, protocol)) ?? protocol.Methods,
            Iterations = config.Find("iterations")?.Integer(least: 1),
        };
    }

    private static ProtocolData ReadData(ConfigValue value, string folder, IProtocol protocol)
    {
        value.RequireKeys(["name", "train", "test", "iterations", .. protocol.HasTargets ? ["targets"] : Array.Empty<string>()]);
        var name = value.Get("name");
        try
        {
            return new ProtocolData
            {
                Name = name.Text(),
                Train = ReadFile(value.Get("train"), folder),
                Test = ReadFile(value.Get("test"), folder),
                Targets = protocol.HasTargets ? value.Get("targets").List(target => ReadTarget(target, folder), one => one.Name) : [],
                Iterations = value.Find("iterations")?.Integer(least: 1),
            };
        }
        catch (ArgumentException e)
        {
            throw name.Bad(e.Message);
        }
    }

    private static ProtocolTarget ReadTarget(ConfigValue value, string folder)
    {
        value.RequireKeys("name", "test");
        return new ProtocolTarget(value.Get("name").Text(), ReadFile(value.Get("test"), folder));
    }

    private static DataFile ReadFile(ConfigValue value, string folder)
    {
        var path = Path.Combine(folder, value.Text());
        return File.Exists(path) ? new DataFile(value.Text(), path) : throw value.Bad($"{value.Text()}: there is no such file{(Directory.Exists(path) ? ", but a folder; embed its pictures with `lfa embed` first" : "")}.");
    }

    private static Shots ReadShots(ConfigValue value) =>
        !value.IsText ? new Shots(value.Integer(least: 1))
        : value.Text() == Shots.All.ToString() ? Shots.All
        : throw value.Expected("a number, or \"all\"");

    private static string ReadMethod(ConfigValue value, IProtocol protocol) =>
        protocol.Methods.Contains(value.Text()) ? value.Text() : throw value.Expected($"a method among {string.Join(", ", protocol.Methods)}");
}
