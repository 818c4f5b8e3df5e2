using Lfa.Protocols;

namespace Lfa.Cli.Commands;

/// <summary>lfa protocol: whole experiments, one command a kind.</summary>
internal sealed class ProtocolCommand : Command
{
    public ProtocolCommand(Session session)
        : base("protocol", "Run a whole experiment, methods × datasets × shots × seeds, to tables, plots and one file of results; run it again to go on after an interruption.")
    {
        foreach (var protocol in ProtocolCatalog.All)
            Add(new ProtocolKindCommand(session, protocol));
    }
}
