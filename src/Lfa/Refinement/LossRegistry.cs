namespace Lfa.Refinement;

/// <summary>Lists the losses: what stands here can be asked for by its name, and kept in model files.</summary>
public static class LossRegistry
{
    /// <summary>Gets all losses, the default first.</summary>
    public static Registry<LossDefinition> Losses { get; } = new("loss",
        new LossDefinition("arerank", [new("neighbors", 3), new("scale", 4)], values => new AdaptiveReranking(values.Whole("neighbors"), values["scale"])),
        new LossDefinition("contrastive", [new("temperature", 0.07), new("unit_rows", 0)], values => new ContrastiveLoss(values["temperature"], values["unit_rows"] != 0)),
        new LossDefinition("triplet", [new("margin", 0.1)], values => new TripletLoss(values["margin"])),
        new LossDefinition("csls", [new("neighbors", 3)], values => new CslsLoss(values.Whole("neighbors"))));
}
