using Lfa.Data;
using Lfa.Methods;
using Lfa.Model;
using Lfa.Tests.Support;

namespace Lfa.Tests.Model;

/// <summary>Image features that are all alike are refused wherever a set of images comes in.</summary>
public class ConstantImagesTests
{
    private const string Message = "rows are the same but for rounding";

    private static readonly FeatureSet Task = MadeUp.Task(3, 8, shots: 4, seed: 1);

    private static readonly FeatureSet Alike = new(new Matrix(Enumerable.Repeat(MadeUp.Floats(8, seed: 2), 6).SelectMany(row => row).ToArray(), 6, 8), Task.ClassPrototypes, new[] { 0, 1, 2, 0, 1, 2 }, Task.ClassNames);

    [Fact]
    public void Fit_ZeroShot_Refuses() => Refused(() => LfaModel.Fit(Alike, new ZeroShotMethod()));

    [Fact]
    public void Evaluate_Refuses() => Refused(() => LfaModel.Fit(Task, new ProcrustesMethod()).Evaluate(Alike));

    [Fact]
    public void ThrowIfNotTestedBy_Refuses() => Refused(() => Task.ThrowIfNotTestedBy(Alike));

    [Fact]
    public void Update_Refuses() => Refused(() => ModelUpdater.Update(LfaModel.Fit(Task, new ProcrustesMethod()), Alike));

    [Fact]
    public void WithUnlabeled_Refuses() => Refused(() => Task.WithUnlabeled(Alike.ImageFeatures));

    private static void Refused(Action action) => Should.Throw<LfaDataException>(action).Message.ShouldContain(Message);
}
