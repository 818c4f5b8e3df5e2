using Lfa.Cli.Inputs;
using Lfa.Cli.Parsing;
using Lfa.Cli.Rendering;
using Lfa.Encoders.Sources;
using Lfa.Protocols;

namespace Lfa.Cli.Commands;

/// <summary>lfa protocol KIND: runs an experiment of one kind that a JSON file describes.</summary>
internal sealed class ProtocolKindCommand : Command
{
    private readonly Session _session;
    private readonly IProtocol _protocol;
    private readonly Argument<string> _config = PathArgument.Create("CONFIG", "A JSON file that names the datasets, and what is to differ from the published protocol; docs/protocols.md describes it");
    private readonly Option<int> _jobs = OptionOf.Integer("--jobs", "How many fits run side by side; 0 for one a processor. It does not change the results", 0, value =>
    {
        if (value < 0)
            throw new ArgumentException("expected 0 (one a processor) or more.");
    });
    private readonly Option<bool> _dryRun = OptionOf.Switch("--dry-run", "List the fits, and which of them are done, and run none");
    private readonly Option<bool> _json = OptionOf.Switch("--json", "Print one JSON document instead of the table");

    public ProtocolKindCommand(Session session, IProtocol protocol)
        : base(protocol.Name, $"Measure {protocol.About}.")
    {
        (_session, _protocol) = (session, protocol);
        Add(_config);
        Add(_jobs);
        Add(_dryRun);
        Add(_json);
        SetAction(Execute);
    }

    private void Execute(ParseResult result)
    {
        var config = result.GetRequiredValue(_config);
        var plan = ProtocolFile.Read(config, _protocol);
        var run = new ProtocolRun(plan, result.GetValue(_jobs), $"lfa protocol {_protocol.Name} {config}");
        if (result.GetValue(_dryRun))
            List(run, result.GetValue(_json));
        else if (result.GetValue(_json))
            ProtocolReport.WriteJson(_session.Output, Run(plan, run));
        else
            ProtocolReport.WriteText(_session.Output, Run(plan, run));
    }

    private void List(ProtocolRun run, bool json)
    {
        var cells = run.List(_session.CancellationToken);
        if (json)
            ProtocolReport.WriteJson(_session.Output, cells);
        else
            ProtocolReport.WriteText(_session.Output, cells);
    }

    private ProtocolResult Run(ProtocolPlan plan, ProtocolRun run)
    {
        using var progress = _session.StartProgress("reading");
        try
        {
            if (plan.HasImages)
                EmbeddedImages.EmbedAsync(plan, ModelFolders.Open(ModelReference.Parse(plan.Model!), progress, _session.CancellationToken), progress, _session.CancellationToken).GetAwaiter().GetResult();
            return run.Execute(progress, _session.CancellationToken);
        }
        catch (OperationCanceledException e)
        {
            throw new CanceledException("canceled; what is done is kept, run it again to go on where it stopped.", e);
        }
    }
}
