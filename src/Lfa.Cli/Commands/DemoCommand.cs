using Lfa.Cli.Inputs;
using Lfa.Cli.Parsing;
using Lfa.Cli.Rendering;
using Lfa.Data;
using Lfa.Encoders;
using Lfa.Encoders.Datasets;
using Lfa.Encoders.Sources;
using Lfa.Encoders.Text;
using Lfa.IO;
using Lfa.Methods;
using Lfa.Model;

namespace Lfa.Cli.Commands;

/// <summary>lfa demo: adapts the small model that comes with the tool to images in a style that it has never seen.</summary>
internal sealed class DemoCommand : Command
{
    private const string DefaultFolder = "lfa-demo";
    private const int Seeds = 3;

    private static readonly string Images = Path.Combine(ModelFolders.SampleFolder, "images", "twemoji");

    // One of the sentences that its model was trained with.
    private static readonly PromptTemplates Templates = new(["a picture of a {}."]);

    private readonly Session _session;
    private readonly Option<string> _out = new("--out") { Description = "The folder for the files of the demonstration", HelpName = "folder", DefaultValueFactory = _ => DefaultFolder };
    private readonly Option<int> _seed = OptionOf.Integer("--seed", "The first of the three seeds of the examples and of the fits", new FitContext().Seed, value =>
    {
        if (value > int.MaxValue - Seeds)
            throw new ArgumentException("expected a smaller number, since two more follow it.");
    });

    private readonly Option<int> _shots = OptionOf.Integer("--shots", "The number of labeled images a class", 8, value =>
    {
        if (value < 1)
            throw new ArgumentException("expected 1 or more.");
    });

    public DemoCommand(Session session)
        : base("demo", "Adapt a small model to emoji in a style it has never seen, and show on which images that helps. Needs no files and no network.")
    {
        _session = session;
        Add(_out);
        Add(_seed);
        Add(_shots);
        SetAction(Execute);
    }

    private void Execute(ParseResult result)
    {
        var (folder, shots) = (result.GetRequiredValue(_out), result.GetValue(_shots));
        Directory.CreateDirectory(folder);
        var images = Embed();
        var runs = Enumerable.Range(result.GetValue(_seed), Seeds).Select(seed => Run(images, shots, seed)).ToArray();
        DemoReport.WriteText(_session.Output, runs, shots);
        Keep(folder, runs[0]);
    }

    private EncodedDataset Embed()
    {
        using var progress = _session.StartProgress("embedding");
        var model = ModelFolders.Open(new ModelReference(ModelFolders.Sample), progress, _session.CancellationToken);
        using var encoder = DatasetEncoder.Open(model, new DatasetEncoderOptions { CacheFolder = null, Templates = Templates });
        return encoder.EncodeAsync(ImageDataset.FromFolder(Images), progress: progress, cancellationToken: _session.CancellationToken).GetAwaiter().GetResult();
    }

    private DemoRun Run(EncodedDataset images, int shots, int seed)
    {
        _session.CancellationToken.ThrowIfCancellationRequested();
        var (train, test) = BadInputException.Naming("--shots", () => FewShot.Split(images.Features, shots, seed));
        var context = new FitContext { Seed = seed, CancellationToken = _session.CancellationToken };
        return new DemoRun(seed, train, test, LfaModel.Fit(train, new ZeroShotMethod(), context), LfaModel.Fit(train, new LfaMethod(), context), LfaModel.Fit(train, new AutoMethod(), context));
    }

    private void Keep(string folder, DemoRun run)
    {
        string Named(string name) => Path.Combine(folder, name);
        FeatureFile.Write(Named("train.npz"), run.Train);
        FeatureFile.Write(Named("test.npz"), run.Test);
        run.Auto.Save(Named("model.safetensors"));
        AtomicFile.Write(Named("contact-sheet.html"), stream =>
        {
            using var writer = new StreamWriter(stream);
            DemoReport.WriteSheet(writer, run, Images);
        });
        _session.Output.WriteLine();
        _session.Output.WriteLine($"Open {Named("contact-sheet.html")} to see every image with what was said of it.");
        _session.Output.WriteLine($"Beside it: train.npz, test.npz and model.safetensors of seed {run.Seed}.");
        _session.Output.WriteLine();
        _session.Output.WriteLine("The same on your own images, in one folder a class:");
        _session.Output.WriteLine("  lfa fit IMAGES --model openai/clip-vit-base-patch32 -o model.safetensors");
        _session.Output.WriteLine("  lfa predict model.safetensors MORE-IMAGES");
    }
}
