using System.Numerics.Tensors;
using Lfa.Cli.Parsing;
using Lfa.Cli.Rendering;
using Lfa.IO;
using Lfa.Model;

namespace Lfa.Cli.Commands;

/// <summary>lfa inspect: says what is in a file, and what is wrong with it.</summary>
internal sealed class InspectCommand : Command
{
    private const string RecordKey = "fit";

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
        LfaModel? model = null;
        using (_session.StartProgress("reading"))
        {
            report = FileInspection.Inspect(result.GetRequiredValue(_file));
            if (report.Kind is FileKind.Model && report.Problems.Count == 0 && (report.Metadata.ContainsKey("held_out_images") || report.Metadata.ContainsKey(RecordKey) || report.Metadata.ContainsKey("recipe")))
                (report, model) = ReadModel(report);
        }
        _session.CancellationToken.ThrowIfCancellationRequested();
        if (result.GetValue(_json))
            InspectionReport.WriteJson(_session.Output, report, model);
        else
            InspectionReport.WriteText(_session.Output, report, model);
    }

    private static (FileReport Report, LfaModel? Model) ReadModel(FileReport report)
    {
        try
        {
            var model = LfaModel.Load(report.Path);
            return (report with { Classes = Classes(model) }, model);
        }
        catch (LfaDataException e)
        {
            return (report with { Problems = [e.Message] }, null);
        }
    }

    private static ClassReport? Classes(LfaModel model) => model.Statistics is { } statistics
        ? new ClassReport(statistics.ClassCount, model.ClassNames, TensorPrimitives.Min(statistics.Counts.Span), TensorPrimitives.Max(statistics.Counts.Span))
        : null;
}
