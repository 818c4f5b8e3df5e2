using Lfa.Data;
using Lfa.IO;
using Lfa.Tests.Support;

namespace Lfa.Tests.IO;

/// <summary>Text features of shape C × P × d.</summary>
public sealed class PromptFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static FeatureSet Task => MadeUp.Task(classes: 3, dimension: 5, shots: 2, seed: 1).WithPrompts(new ClassPrompts(MadeUp.Features(12, 5, seed: 2), 4));

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("x.npz")]
    [InlineData("x.safetensors")]
    public void Write_Prompts_ReadBackAreTheSame(string name)
    {
        FeatureFile.Write(_folder[name], Task);
        var read = FeatureFile.Read(_folder[name]);
        read.Prompts!.PerClass.ShouldBe(4);
        read.Prompts.Features.Values.ToArray().ShouldBe(Task.Prompts!.Features.Values.ToArray());
        read.ClassPrototypes.Values.ToArray().ShouldBe(Task.ClassPrototypes.Values.ToArray());
        var named = FeatureFile.ReadPrototypes(_folder[name]);
        named.Prompts!.Features.Values.ToArray().ShouldBe(Task.Prompts.Features.Values.ToArray());
        named.Prototypes.Values.ToArray().ShouldBe(Task.ClassPrototypes.Values.ToArray());
    }

    [Theory]
    [InlineData("x.npz", "a,b,c")]
    [InlineData("x.safetensors", "a,b,c")]
    [InlineData("x.npy", null)]
    public void WritePrototypes_Prompts_ReadBackAreTheSame(string name, string? names)
    {
        FeatureFile.WritePrototypes(_folder[name], new NamedPrototypes(Task.ClassPrototypes, names?.Split(',')) { Prompts = Task.Prompts });
        var read = FeatureFile.ReadPrototypes(_folder[name]);
        read.Prompts!.Features.Values.ToArray().ShouldBe(Task.Prompts!.Features.Values.ToArray());
        if (names is not null)
            read.SelectClasses(["c", "a"]).Prompts!.Row(1, 3).ToArray().ShouldBe(Task.Prompts.Row(0, 3).ToArray());
    }

    [Fact]
    public void Read_OnePromptAClass_IsAFileOfPrototypes()
    {
        FeatureSet Read(string shape) => FeatureFile.Read(_folder.Write("x.npz", NpyBytes.NamedSet(("text_features", NpyBytes.Floats(shape, 3, 4, 0.1f, 1)))));
        var (flat, deep) = (Read("(2, 2)"), Read("(2, 1, 2)"));
        deep.Prompts.ShouldBeNull();
        deep.ClassPrototypes.Values.ToArray().ShouldBe(flat.ClassPrototypes.Values.ToArray());
    }

    [Fact]
    public void Inspect_Prompts_AreCounted()
    {
        FeatureFile.Write(_folder["x.npz"], Task);
        var report = FileInspection.Inspect(_folder["x.npz"]);
        (report.Classes!.Count, report.Classes.PromptCount).ShouldBe((3, 4));
        report.Problems.ShouldBeEmpty();
        report.Notes.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("(1, 1, 2, 2)", new float[] { 3, 4, 0, 1 }, "text_features: the shape is 1 × 1 × 2 × 2; expected classes × components, or classes × prompts × components.")]
    [InlineData("(2, 0, 2)", new float[0], "text_features: the shape is 2 × 0 × 2; expected at least one component a row, and one prompt a class.")]
    [InlineData("(2, 2, 2)", new float[] { 3, 4, 0, 1, 1, 0, 0, 0 }, "text_features: prompt 1 of class 1 is zero and has no direction; remove the class or embed its name again.")]
    [InlineData("(2, 2, 2)", new float[] { 3, 4, 0, 1, 1, 0, -1, 0 }, "text_features: the prompts of class 1 cancel each other; remove the class or embed its name again.")]
    public void Read_BadPrompts_AreNamed(string shape, float[] values, string problem)
    {
        var path = _folder.Write("x.npz", NpyBytes.NamedSet(("text_features", NpyBytes.Floats(shape, values))));
        Should.Throw<LfaDataException>(() => FeatureFile.Read(path)).Message.ShouldBe($"{path}: {problem}");
        FileInspection.Inspect(path).Problems.ShouldNotBeEmpty();
    }

    [Fact]
    public void WritePrototypes_PromptsOfOthers_AreLeftOut()
    {
        var (path, adapted) = (_folder["x.npz"], Task.ClassPrototypes.SelectRows([2, 0, 1]));
        FeatureFile.WritePrototypes(path, new NamedPrototypes(adapted, Task.ClassNames) { Prompts = Task.Prompts });
        var read = FeatureFile.ReadPrototypes(path);
        read.Prompts.ShouldBeNull();
        read.Prototypes.Values.ToArray().ShouldBe(adapted.Values.ToArray());
    }

    [Fact]
    public void Read_PromptsOfOtherClassesThanNames_SaysSo()
    {
        var path = _folder.Write("x.npz", NpyBytes.NamedSet(("text_features", NpyBytes.Floats("(1, 2, 2)", 3, 4, 0, 1))));
        Should.Throw<LfaDataException>(() => FeatureFile.Read(path)).Message.ShouldContain("class_names has 2 entries but text_features has 1 rows");
    }
}
