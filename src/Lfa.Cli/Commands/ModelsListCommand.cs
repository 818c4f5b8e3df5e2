using Lfa.Cli.Parsing;
using Lfa.Cli.Rendering;
using Lfa.Encoders.Hub;

namespace Lfa.Cli.Commands;

/// <summary>lfa models list: the known models, and what the cache holds.</summary>
internal sealed class ModelsListCommand : Command
{
    private readonly Session _session;
    private readonly Option<bool> _json = OptionOf.Switch("--json", "Print one JSON document instead of the text");

    public ModelsListCommand(Session session)
        : base("list", "Show the known models with what each is good for, and which models the cache holds. Needs no network.")
    {
        _session = session;
        Add(_json);
        SetAction(Execute);
    }

    private void Execute(ParseResult result)
    {
        using var hub = new ModelHub();
        var cached = hub.ListCached();
        _session.CancellationToken.ThrowIfCancellationRequested();
        if (result.GetValue(_json))
            ModelsReport.WriteJson(_session.Output, hub.Options.CacheFolder, cached);
        else
            ModelsReport.WriteText(_session.Output, hub.Options.CacheFolder, cached);
    }
}
