using System.Numerics.Tensors;
using Lfa.Classification;
using Lfa.Cli.Parsing;
using Lfa.Cli.Rendering;
using Lfa.IO;

namespace Lfa.Cli.Commands;

/// <summary>lfa inspect: says what is in a file, and what is wrong with it.</summary>
internal sealed class InspectCommand : Command
{
    private readonly Session _session;
    private readonly Argument<string> _file = PathArgument.Create("FILE", "A .npy, .npz or .safetensors file");
    private readonly Option<bool> _json = OptionOf.Switch("--json", "Print one JSON document instead of the tables");

    public InspectCommand(Session session)
        : base("inspect", "Show the shapes, types, classes and norms in a file, and everything that is wrong with it.")
    {
        _session = session;
        Add(_file);
        Add(_json);
        SetAction(Execute);
    }

    private void Execute(ParseResult result)
    {
        FileReport report;
        LfaClassifier? classifier = null;
        using (_session.StartProgress("reading"))
        {
            report = FileInspection.Inspect(result.GetRequiredValue(_file));
            if (report.Kind is FileKind.Model && report.Problems.Count == 0 && (report.Metadata.ContainsKey("held_out_images") || report.Metadata.ContainsKey("recipe")))
                (report, classifier) = ReadClassifier(report);
        }
        _session.CancellationToken.ThrowIfCancellationRequested();
        if (result.GetValue(_json))
            InspectionReport.WriteJson(_session.Output, report, classifier);
        else
            InspectionReport.WriteText(_session.Output, report, classifier);
    }

    private static (FileReport Report, LfaClassifier? Classifier) ReadClassifier(FileReport report)
    {
        try
        {
            var classifier = LfaClassifier.Load(report.Path);
            return (report with { Classes = Classes(classifier) }, classifier);
        }
        catch (LfaDataException e)
        {
            return (report with { Problems = [e.Message] }, null);
        }
    }

    private static ClassReport? Classes(LfaClassifier classifier) => classifier.Statistics is { } statistics
        ? new ClassReport(statistics.ClassCount, classifier.ClassNames, TensorPrimitives.Min(statistics.Counts.Span), TensorPrimitives.Max(statistics.Counts.Span))
        : null;
}
