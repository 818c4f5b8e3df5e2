using Lfa.Data;
using Lfa.Tests.Support;
using Lfa.Transport;

namespace Lfa.Tests.Transport;

public class PseudoLabelsTests
{
    private readonly FeatureSet _task = MadeUp.Task(classes: 6, dimension: 16, shots: 30, seed: 1);

    [Fact]
    public void FromPlan_AreTheLargestOfTheRows()
    {
        var plan = Sinkhorn.Solve(_task.ImageFeatures, _task.ClassPrototypes, new SinkhornOptions { Epsilon = 0.1 });
        var labels = PseudoLabels.FromPlan(plan, _task.ImageFeatures);
        var rows = plan.Assignments(_task.ImageFeatures);
        for (var i = 0; i < rows.Rows; i++)
        {
            var row = rows.Row(i).ToArray();
            labels.Labels.Span[i].ShouldBe(Array.IndexOf(row, row.Max()));
            ((double)labels.Confidences.Span[i]).ShouldBe(row.Max(), 1e-4);
        }
    }

    [Fact]
    public void FromPlan_PartOfTheImages_LabelsThemAlike()
    {
        var plan = Sinkhorn.Solve(_task.ImageFeatures, _task.ClassPrototypes);
        var part = PseudoLabels.FromPlan(plan, _task.ImageFeatures.Slice(100, 20));
        part.Labels.ToArray().ShouldBe(PseudoLabels.FromPlan(plan, _task.ImageFeatures).Labels.Slice(100, 20).ToArray());
    }

    [Fact]
    public void RowsFrom_HigherThreshold_DropsTheUnsure()
    {
        var labels = PseudoLabels.FromPlan(Sinkhorn.Solve(_task.ImageFeatures, _task.ClassPrototypes, new SinkhornOptions { Epsilon = 0.1 }), _task.ImageFeatures);
        labels.RowsFrom(0).ShouldBe(Enumerable.Range(0, 180));
        var sure = labels.RowsFrom(0.9);
        sure.Length.ShouldBeInRange(1, 179);
        sure.Select(row => labels.Confidences.Span[row]).Min().ShouldBeGreaterThanOrEqualTo(0.9f);
        labels.RowsFrom(1.01).ShouldBeEmpty();
    }

    [Fact]
    public void Agreement_CountsEqualLabels()
    {
        var labels = PseudoLabels.FromPlan(Sinkhorn.Solve(_task.ImageFeatures, _task.ClassPrototypes), _task.ImageFeatures);
        labels.Agreement(labels).ShouldBe(1);
        var exchanged = _task.ClassPrototypes.SelectRows([0, 1, 2, 4, 3, 5]);
        labels.Agreement(PseudoLabels.FromPlan(Sinkhorn.Solve(_task.ImageFeatures, exchanged), _task.ImageFeatures))
            .ShouldBe(labels.Labels.ToArray().Count(label => label is not (3 or 4)) / 180.0, 0.011); // Two images: the order of sums.
        Should.Throw<LfaDataException>(() => labels.Agreement(PseudoLabels.FromPlan(Sinkhorn.Solve(_task.ImageFeatures, _task.ClassPrototypes), _task.ImageFeatures.Slice(0, 5))));
    }

    [Fact]
    public void FromPlan_OtherColumns_NamesBoth() =>
        Should.Throw<LfaDataException>(() => PseudoLabels.FromPlan(Sinkhorn.Solve(_task.ImageFeatures, _task.ClassPrototypes), MadeUp.Features(3, 5, 1)))
            .Message.ShouldStartWith("images is 3 × 5 but the plan is of 16 columns");
}
