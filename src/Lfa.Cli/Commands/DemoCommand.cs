using Lfa.Cli.Parsing;
using Lfa.Data;
using Lfa.IO;

namespace Lfa.Cli.Commands;

/// <summary>lfa demo: makes a problem up and runs the other commands on it, as a user would.</summary>
internal sealed class DemoCommand : Command
{
    private const string DefaultFolder = "lfa-demo";

    private readonly Session _session;
    private readonly Option<string> _out = new("--out") { Description = "The folder for the files of the demonstration", HelpName = "folder", DefaultValueFactory = _ => DefaultFolder };
    private readonly Option<int> _seed = OptionOf.Integer("--seed", "The seed of the problem and of the fit", new LfaOptions().Seed);

    public DemoCommand(Session session)
        : base("demo", "Make up a CLIP-like problem, then fit, evaluate and predict on it. Needs no files and no network.")
    {
        _session = session;
        Add(_out);
        Add(_seed);
        SetAction(Execute);
    }

    private int Execute(ParseResult result)
    {
        var (folder, seed) = (result.GetRequiredValue(_out), result.GetValue(_seed));
        Directory.CreateDirectory(folder);
        string Named(string name) => Path.Combine(folder, name);
        var (train, test) = MadeUpProblem.Create(seed: seed);
        FeatureFile.Write(Named("demo-train.npz"), train);
        FeatureFile.Write(Named("demo-test.npz"), test);
        _session.Output.WriteLine(Invariant($"Made up {train.ClassCount} classes in two cones of {train.Dimension} dimensions, seen through a rotated domain, with {train.SampleCount} training"));
        _session.Output.WriteLine(Invariant($"and {test.SampleCount} test images: {Named("demo-train.npz")} and {Named("demo-test.npz")}."));

        Run("fit", Named("demo-train.npz"), "--test", Named("demo-test.npz"), "-o", Named("demo-model.safetensors"), "--seed", Invariant($"{seed}"));
        Run("evaluate", Named("demo-model.safetensors"), Named("demo-test.npz"));
        Run("predict", Named("demo-model.safetensors"), Named("demo-test.npz"), "-o", Named("demo-predictions.csv"), "--top", "3");

        _session.Output.WriteLine();
        _session.Output.WriteLine("The same on your own features (see `lfa fit --help`; `lfa inspect FILE` checks a file):");
        _session.Output.WriteLine("  lfa fit train.npz --test test.npz -o model.safetensors");
        return ExitCodes.Success;
    }

    private void Run(params string[] args)
    {
        _session.CancellationToken.ThrowIfCancellationRequested();
        _session.Output.WriteLine();
        _session.Output.WriteLine($"$ lfa {string.Join(' ', args)}");
        _session.Output.Flush();
        CommandLine.Invoke(CommandLine.Parse(args, _session), _session);
        _session.Output.Flush();
    }
}
