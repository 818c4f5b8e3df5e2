using Lfa.Cli.Inputs;
using Lfa.Cli.Parsing;
using Lfa.Data;
using Lfa.Encoders.Sources;
using Lfa.IO;
using Lfa.Methods;

namespace Lfa.Cli.Commands;

/// <summary>lfa learn: learns class prototypes as prompt tuning does, from features alone.</summary>
internal sealed class LearnCommand : Command
{
    private readonly Session _session;
    private readonly Argument<string> _train = PathArgument.Create("TRAIN", "A folder with one folder of images for each class, a .csv of file,class, a dataset by name, or a .npz file with labeled image features and the text features of the class names");
    private readonly Option<string> _output = new("--output", "-o") { Description = "The .npz file to write: class_prototypes and class_names, which `lfa approximate` reads", HelpName = "file", Required = true };
    private readonly Option<string> _residual = OptionOf.Choice("--residual", "What is added to the text features: one residual shared by all classes, as a prompt's context is, or one a class", "shared", "shared", "class");
    private readonly Option<int> _threads = ThreadsOption.Create();
    private readonly EncodingSymbols _encoding;
    private readonly ClassesOption _classes;
    private readonly FeatureFileSymbols _reading;

    public LearnCommand(Session session)
        : base("learn", "Learn class prototypes by cross-entropy, as prompt tuning does, from features alone; see `lfa approximate`.")
    {
        _session = session;
        Add(_train);
        Add(_output);
        Add(_residual);
        Add(_threads);
        _encoding = new EncodingSymbols(this, trains: true).AddCache(this);
        _classes = new ClassesOption(this);
        _reading = new FeatureFileSymbols(this);
        SetAction(Execute);
    }

    private void Execute(ParseResult result)
    {
        var (path, output, threads) = (result.GetRequiredValue(_train), result.GetRequiredValue(_output), result.Read(_threads));
        OutputPath.RequireExtension(output, ".npz");
        OutputPath.Check(output, path, _classes.Path(result));
        _encoding.RefuseWithout(result, path);
        FeatureSet task;
        Matrix learned;
        using (var progress = _session.StartProgress("reading"))
        {
            using var input = new FeatureInput(_session, progress, _encoding.ReadSources(result, threads, DatasetReference.Find(path)?.Dataset) with { FeatureFiles = _reading.Read(result) });
            task = input.Read(path, _classes.Read(result));
            progress.Describe("learning");
            var context = _session.CreateContext(new FitContext().Seed, threads, progress);
            learned = BadInputException.Naming(path, () => result.GetValue(_residual) == "shared"
                ? new SharedResidualMethod().LearnPrototypes(task, context)
                : new TaskResidualMethod().LearnPrototypes(task, context));
        }
        FeatureFile.WritePrototypes(output, learned, task.ClassNames);
        _session.Output.WriteLine(Invariant($"Wrote {output}: {learned.Rows} × {learned.Columns}, a row for each class."));
    }
}
