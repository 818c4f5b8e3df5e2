namespace Lfa.Cli.Commands;

/// <summary>lfa models: the encoders that can be downloaded, and those that are here.</summary>
internal sealed class ModelsCommand : Command
{
    public ModelsCommand(Session session)
        : base("models", "Download encoders from a model hub, and list those that are known and those that are here.")
    {
        Add(new ModelsPullCommand(session));
        Add(new ModelsListCommand(session));
    }
}
