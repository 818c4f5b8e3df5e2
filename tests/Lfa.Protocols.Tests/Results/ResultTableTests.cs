using Lfa.Protocols.Results;
using Lfa.Protocols.Tests.Support;

namespace Lfa.Protocols.Tests.Results;

public sealed class ResultTableTests : IDisposable
{
    private readonly SmallData _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public void Of_Seeds_GivesMeanAndDeviation()
    {
        var table = ResultTable.Create(Plan("""["plain"]""", "animals"), [.. new[] { 70.0, 72, 77 }.Select((top1, i) => Rows.Make(top1, seed: i + 1))], "animals");
        var value = table.Rows.Single().Values[0]!;
        value.Mean.ShouldBe(73, 1e-12);
        value.Deviation!.Value.ShouldBe(Math.Sqrt((9 + 1 + 16) / 2.0), 1e-12);
        value.ToString().ShouldBe("73.00 ± 3.61");
        table.Headings.ShouldBe(["1 shot", "2 shots"]);
        table.Rows.Single().Values[1].ShouldBeNull();
    }

    [Fact]
    public void Of_OneSeed_HasNoDeviation() =>
        ResultTable.Create(Plan("""["plain"]""", "animals"), [Rows.Make(70)], "animals").Rows.Single().Values[0]!.ToString().ShouldBe("70.00");

    [Fact]
    public void Average_IsOverDataSetsFirst()
    {
        // Means over the datasets: 60 and 62, though each alone varies by far more.
        ResultRow[] rows = [Rows.Make(100, "animals", seed: 1), Rows.Make(20, "birds", seed: 1), Rows.Make(64, "animals", seed: 2), Rows.Make(60, "birds", seed: 2)];
        var value = ResultTable.Average(Plan("""["plain"]""", "animals", "birds"), rows).Rows.Single().Values[0]!;
        value.Mean.ShouldBe(61, 1e-12);
        value.Seeds.ShouldBe(2);
        value.Deviation!.Value.ShouldBe(Math.Sqrt(2), 1e-12);
    }

    [Fact]
    public void Average_MethodThatRefusedOne_HasNoMean()
    {
        ResultRow[] rows = [Rows.Make(50, "animals"), Rows.Make(null, "birds") with { Refusal = "no" }, Rows.Make(50, "animals", method: "refined"), Rows.Make(60, "birds", method: "refined")];
        var table = ResultTable.Average(Plan("""["plain", "refined"]""", "animals", "birds"), rows);
        table.Rows[0].Values[0].ShouldBeNull();
        table.Rows[1].Values[0]!.Mean.ShouldBe(55, 1e-12);
    }

    [Fact]
    public void Average_Parts_AreThoseThatAllDataSetsHave()
    {
        ResultRow[] rows = [Rows.Make(50, "animals", part: "source"), Rows.Make(40, "animals", part: "sketch"), Rows.Make(50, "birds", part: "source"), Rows.Make(40, "birds", part: "photo")];
        ResultTable.Average(Plan("""["plain"]""", "animals", "birds"), rows).Columns.Select(column => column.Part).Distinct().ShouldBe(["source"]);
    }

    [Fact]
    public void Of_ShortClassesAndRefusals_AreNoted() =>
        ResultTable.Create(Plan("""["plain", "refuses"]""", "animals"), [Rows.Make(1) with { ShortClasses = 3 }, Rows.Make(null, method: "refuses") with { ShortClasses = 3, Refusal = "no" }], "animals")
            .Notes.ShouldBe(["1 shot: 3 of the classes fitted to have fewer images, all of which were taken.", "refuses, 1 shot, seed 1: no"]);

    [Fact]
    public void Of_TestImagesUsed_MarksTheMethod() =>
        ResultTable.Create(Plan("""["plain"]""", "animals"), [Rows.Make(1) with { UsesTestImages = true }], "animals").Rows.Single().Label.ShouldBe("plain (uses the test images)");

    private ProtocolPlan Plan(string methods, params string[] names) => _data.Plan(new CountingProtocol(), $", \"methods\": {methods}", names);
}
