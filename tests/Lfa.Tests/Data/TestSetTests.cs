using Lfa.Data;
using Lfa.Methods;
using Lfa.Model;

namespace Lfa.Tests.Data;

public sealed class TestSetTests
{
    private static readonly FeatureSet Train = Set(["cat", "dog"], [0, 1], 2);

    [Fact]
    public void ThrowIfNotTestedBy_SameClasses_Passes() => Train.ThrowIfNotTestedBy(Set(["cat", "dog"], [1, 1], 2));

    [Fact]
    public void ThrowIfNotTestedBy_SetWithoutNames_Passes()
    {
        Train.ThrowIfNotTestedBy(Set(null, [0, 1], 2));
        Set(null, [0, 1], 2).ThrowIfNotTestedBy(Train);
    }

    [Fact]
    public void ThrowIfNotTestedBy_OtherNames_NamesTheFirst() =>
        Should.Throw<LfaDataException>(() => Train.ThrowIfNotTestedBy(Set(["cat", "cow"], [0, 1], 2)))
            .Message.ShouldBe("Class 1 is \"cow\" in the test set but \"dog\" in the classifier; both must have the same classes in the same order.");

    [Fact]
    public void ThrowIfNotTestedBy_OtherShapes_NamesThem()
    {
        Should.Throw<LfaDataException>(() => Train.ThrowIfNotTestedBy(Set(["cat", "dog"], [0, 1], 3))).Message.ShouldContain("are 2 × 3 but the classifier takes 2 columns");
        Should.Throw<LfaDataException>(() => Train.ThrowIfNotTestedBy(Set(["a", "b", "c"], [0, 1], 2))).Message.ShouldContain("has 3 classes but the classifier has 2");
        Should.Throw<LfaDataException>(() => Train.ThrowIfNotTestedBy(Set(["cat", "dog"], [], 2))).Message.ShouldContain("no labels");
    }

    [Fact]
    public void Evaluate_OtherNames_IsRefused()
    {
        var fit = new LeastSquaresMethod().Fit(Train);
        var other = Set(["dog", "cat"], [0, 1], 2);
        Should.Throw<LfaDataException>(() => fit.Evaluate(other)).Message.ShouldContain("Class 0 is \"dog\"");
        Should.Throw<LfaDataException>(() => LfaModel.FromFit(fit).Evaluate(other)).Message.ShouldContain("Class 0 is \"dog\"");
    }

    private static FeatureSet Set(string[]? names, int[] labels, int dimension)
    {
        var classes = names?.Length ?? 2;
        float[] Rows(int rows) => [.. Enumerable.Range(0, rows * dimension).Select(i => i % (dimension + 1) == 0 ? 2f : 1)];
        return new FeatureSet(new Matrix(Rows(2), 2, dimension), new Matrix(Rows(classes), classes, dimension), labels, names);
    }
}
