using Lfa.Cli.Parsing;
using Lfa.Cli.Rendering;

namespace Lfa.Cli.Commands;

/// <summary>lfa datasets: the datasets that are known by name.</summary>
internal sealed class DatasetsCommand : Command
{
    private readonly Session _session;
    private readonly Option<bool> _json = OptionOf.Switch("--json", "Print one JSON document instead of the text");

    public DatasetsCommand(Session session)
        : base("datasets", "List the datasets that commands take by name, with their files, templates and published iterations.")
    {
        _session = session;
        Add(_json);
        SetAction(Execute);
    }

    private void Execute(ParseResult result)
    {
        if (result.GetValue(_json))
            DatasetsReport.WriteJson(_session.Output);
        else
            DatasetsReport.WriteText(_session.Output);
    }
}
