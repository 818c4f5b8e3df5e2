using System.Text.Json;
using Lfa.Classification;
using Lfa.Refinement;
using Lfa.Transport;
using Lfa.Validation;

namespace Lfa.Methods;

/// <summary>
/// LFA without labels, as published: pseudo-labels by optimal transport choose β, then each of several rounds moves the images
/// adapted so far to the classes and refines the transform on the labels that come out.
/// </summary>
/// <remarks>
/// Ouali et al., ICCV 2023 (unsupervised LFA). Images with labels, where there are some, join those without in every round. The
/// probabilities are as sure, on average over the images, as zero-shot classification is at the temperature of the encoder: without
/// labels nobody can tell how often they are right. So there is no calibration, and there are no sums that an update could work with.
/// </remarks>
public sealed record UnsupervisedLfaMethod : IIterativeMethod, IShrunkMethod, ITransportMethod
{
    private const int SeedStep = 1_000_003;

    /// <summary>Gets the options of the closed form and of the refinement of a round. Default: the published ones.</summary>
    public LfaMethod Lfa
    {
        get;
        init => field = value is { Projection: null } ? value : throw new ArgumentException("Without labels there is no projection between two spaces; leave it out.", nameof(Lfa));
    } = new();

    /// <summary>Gets how the images get labels. Default: by a uniform class prior, as published.</summary>
    public TransportOptions Transport
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Transport));
    } = new();

    /// <summary>Gets the number of rounds of transport and refinement, at least 1. Default: 5, as published.</summary>
    public int Rounds
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Rounds), value, "Rounds must be 1 or more.");
    } = 5;

    /// <inheritdoc/>
    public string Name => "unsupervised-lfa";

    /// <inheritdoc/>
    public string Source => LfaMethod.Publication;

    /// <inheritdoc/>
    public MethodNeeds Needs => MethodNeeds.UnlabeledImages | MethodNeeds.TextFeatures;

    /// <inheritdoc/>
    public MethodFit Fit(FitTask task, FitContext? context = null)
    {
        ArgumentNullException.ThrowIfNull(task);
        context ??= new FitContext();
        var clock = new FitClock();
        var unlabeled = new UnlabeledTask(task, Transport, ClassPrior.Uniform, context);
        var sides = UnlabeledFits.Label(() => unlabeled.Label(), context, clock);
        var start = ShrunkTransform.Fit(sides, Lfa.ClosedForm, context, clock);
        var (transform, refined) = (start.Transform, (RefinementResult?)null);
        for (var round = 0; round < Rounds; round++)
        {
            var from = transform;
            sides = UnlabeledFits.Label(() => unlabeled.Label(from), context, clock);
            var part = context with { Seed = unchecked(context.Seed + (round * SeedStep)), Progress = RoundProgress.Of(context.Progress, round, Rounds) };
            refined = clock.Measure("refine", () => TransformRefinement.RunUnchecked(sides.Task, from, Lfa.Refinement, part));
            transform = refined.Transform;
        }
        var scorer = UnlabeledFits.MatchZeroShot(sides.ToScorer(transform, newClasses: new NewClassScoring(refined!.MovingAverage, sides.Temperature)), unlabeled, context);
        return UnlabeledFits.ToFit(unlabeled, sides, scorer, FitRecord.Of(this, task, context) with { Iterations = refined.Losses.Count, Chosen = [start.Beta!] }, clock) with
        {
            Stages = [.. sides.ToStages([.. start.Stages, (FitStages.Lfa, transform), (FitStages.MovingAverage, refined.MovingAverage)]), new FitStage(FitStages.Unsupervised, scorer)],
            Details = start.Selection is null ? [unlabeled.Report()] : [unlabeled.Report(), start.Selection],
            Losses = refined.Losses,
        };
    }

    /// <inheritdoc/>
    public IMethod WithIterations(int iterations) => this with { Lfa = (LfaMethod)Lfa.WithIterations(iterations) };

    /// <inheritdoc/>
    public IMethod WithRefinement(RefinementOptions refinement) => this with { Lfa = Lfa with { Refinement = refinement } };

    /// <inheritdoc/>
    public IMethod WithBeta(double? beta, BetaCrossValidationOptions crossValidation) => this with { Lfa = (LfaMethod)Lfa.WithBeta(beta, crossValidation) };

    /// <inheritdoc/>
    public IMethod WithTransport(TransportOptions transport) => this with { Transport = transport };

    /// <inheritdoc/>
    public void WriteOptions(Utf8JsonWriter json)
    {
        ArgumentNullException.ThrowIfNull(json);
        Lfa.WriteOptions(json);
        OptionsJson.Write(json, Transport);
        json.WriteNumber("rounds", Rounds);
    }

    /// <inheritdoc/>
    public IMethod ReadOptions(JsonElement json) => new UnsupervisedLfaMethod
    {
        Lfa = (LfaMethod)Lfa.ReadOptions(json),
        Transport = OptionsJson.ReadTransport(json),
        Rounds = json.GetProperty("rounds").GetInt32(),
    };
}
