using Lfa.Cli.Inputs;
using Lfa.Cli.Parsing;
using Lfa.Encoders.Hub;

namespace Lfa.Cli.Commands;

/// <summary>lfa models pull: downloads an encoder into the cache and prints its folder.</summary>
internal sealed class ModelsPullCommand : Command
{
    private const string Canceled = "canceled; the next pull goes on from what was downloaded.";

    private readonly Session _session;
    private readonly Argument<string> _model = PathArgument.Create("MODEL", "The name of a known model, or of a repository with ONNX towers (owner/name)");
    private readonly Option<string?> _variant = new("--variant") { Description = "The kind of weights, such as fp16, quantized or q4; without it float32", HelpName = "name" };
    private readonly Option<string> _revision = new("--revision") { Description = "The branch, tag or commit", HelpName = "name", DefaultValueFactory = _ => "main" };
    private readonly Option<bool> _verify = OptionOf.Switch("--verify", "Also check the sums of files that are in the cache already");

    public ModelsPullCommand(Session session)
        : base("pull", "Download a model into the cache that HF_HOME names, or go on with it, and print its folder.")
    {
        _session = session;
        Add(_model);
        Add(_variant);
        Add(_revision);
        Add(_verify);
        SetAction(Execute);
    }

    private void Execute(ParseResult result)
    {
        if (result.GetValue(_model) == ModelFolders.Sample)
            throw new BadInputException($"{ModelFolders.Sample} comes with the tool; there is nothing to pull.");
        var options = ModelHubOptions.FromEnvironment() with { Verify = result.GetValue(_verify) };
        using var hub = new ModelHub(options);
        string folder;
        using (var progress = _session.StartProgress("asking the hub"))
        {
            try
            {
                folder = hub.PullAsync(result.GetRequiredValue(_model), result.GetValue(_variant), result.GetRequiredValue(_revision), progress, _session.CancellationToken).GetAwaiter().GetResult();
            }
            catch (OperationCanceledException e)
            {
                throw new CanceledException(Canceled, e);
            }
        }
        _session.Output.WriteLine(folder);
    }
}
