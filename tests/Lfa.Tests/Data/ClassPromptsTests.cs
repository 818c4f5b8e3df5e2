using Lfa.Data;
using Lfa.Tests.Support;

namespace Lfa.Tests.Data;

public class ClassPromptsTests
{
    // Two prompts of each of two classes.
    private static readonly Matrix Features = new(new float[] { 3, 4, 0, 2, 1, 0, 1, 0 }, 4, 2);

    [Fact]
    public void Constructor_ScalesACopyToUnitLength()
    {
        var prompts = new ClassPrompts(Features, 2);
        (prompts.ClassCount, prompts.PerClass).ShouldBe((2, 2));
        prompts.Row(0, 0).ToArray().ShouldBe([0.6f, 0.8f]);
        prompts.Row(0, 1).ToArray().ShouldBe([0, 1]);
        Features.Values.Span[0].ShouldBe(3);
    }

    [Fact]
    public void ToPrototypes_IsTheMeanOfUnitPrompts()
    {
        var prototypes = new ClassPrompts(Features, 2).ToPrototypes();
        var length = Math.Sqrt((0.6 * 0.6) + (1.8 * 1.8));
        prototypes[0, 0].ShouldBe((float)(0.6 / length), 1e-6f);
        prototypes[0, 1].ShouldBe((float)(1.8 / length), 1e-6f);
        prototypes.Row(1).ToArray().ShouldBe([1, 0]);
    }

    [Fact]
    public void Constructor_NotAsManyOfEachClass_SaysSo() =>
        Should.Throw<LfaDataException>(() => new ClassPrompts(Features, 3)).Message.ShouldBe("prompts is 4 × 2, which are not 3 prompts for each class; give as many for every class.");

    [Fact]
    public void Constructor_ZeroPrompt_IsNamed() =>
        Should.Throw<LfaDataException>(() => new ClassPrompts(new Matrix(new float[] { 1, 0, 1, 0, 1, 0, 0, 0 }, 4, 2), 2)).Message.ShouldBe("prompts: prompt 1 of class 1 is zero and has no direction; embed it again.");

    [Fact]
    public void ToPrototypes_PromptsThatCancel_AreNamed() =>
        Should.Throw<LfaDataException>(() => new ClassPrompts(new Matrix(new float[] { 1, 0, 1, 0, 1, 0, -1, 0 }, 4, 2), 2).ToPrototypes()).Message.ShouldBe("prompts: those of class 1 cancel each other; embed its name again.");

    [Fact]
    public void WithPrompts_Sets_KeepThemThroughSelections()
    {
        var set = MadeUp.Task(classes: 4, dimension: 5, shots: 3, seed: 1).WithPrompts(new ClassPrompts(MadeUp.Features(8, 5, seed: 2), 2));
        set.ClassPrototypes.Values.ToArray().ShouldBe(set.Prompts!.ToPrototypes().Values.ToArray());
        set.SelectRows([1, 2]).Prompts.ShouldBeSameAs(set.Prompts);
        set.WithUnlabeled(set.ImageFeatures).Prompts.ShouldBeSameAs(set.Prompts);
        set.WithEncoders(null, null).Prompts.ShouldBeSameAs(set.Prompts);
        set.WithClassPrototypes(set.ClassPrototypes).Prompts.ShouldBeNull();
        var ofNew = ClassSplit.BaseAndNew(set).New;
        ofNew.Prompts!.Features.Values.ToArray().ShouldBe(set.Prompts.Features.Slice(4, 4).Values.ToArray());
        ofNew.ClassPrototypes.Values.ToArray().ShouldBe(ofNew.Prompts.ToPrototypes().Values.ToArray());
    }

    [Fact]
    public void WithPrompts_OneAClass_IsThePrototype()
    {
        var prototypes = MadeUp.Features(4, 5, seed: 2).NormalizeRows();
        var set = MadeUp.Task(classes: 4, dimension: 5, shots: 1, seed: 1).WithPrompts(new ClassPrompts(prototypes, 1));
        set.Prompts.ShouldBeNull();
        set.ClassPrototypes.Values.ToArray().ShouldBe(prototypes.Values.ToArray());
    }

    [Fact]
    public void WithPrompts_OfOtherClasses_AreRefused() =>
        Should.Throw<LfaDataException>(() => MadeUp.Task(classes: 4, dimension: 2, shots: 1, seed: 1).WithPrompts(new ClassPrompts(Features, 2)))
            .Message.ShouldBe("prompts are of 2 classes but classPrototypes is 4 × 2; give prompts of the same classes.");
}
