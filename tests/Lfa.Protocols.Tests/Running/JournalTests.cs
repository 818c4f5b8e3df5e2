using Lfa.Protocols.Results;
using Lfa.Protocols.Running;
using Lfa.Protocols.Tests.Support;

namespace Lfa.Protocols.Tests.Running;

public sealed class JournalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string FileName => _folder["journal.jsonl"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_AfterAdding_FindsTheSameRows()
    {
        var row = Rows.Make(top1: 1.0 / 3) with { LogLoss = 0.1 + 0.2, Chosen = "β \"0.5\",\n|", PeakBytes = 5_000_000_000 };
        Add("a", row);
        Add("b", row with { Seed = 2 }, row with { Part = "new" });
        File.ReadAllText(FileName).Count(character => character == '\n').ShouldBe(2, "one line a cell");
        using var journal = Journal.Open(FileName);
        journal.Find("a").ShouldBe([row]);
        journal.Find("b").ShouldBe([row with { Seed = 2 }, row with { Part = "new" }]);
        journal.Find("c").ShouldBeNull();
    }

    [Fact]
    public void Open_TornLastLine_DropsItAndGoesOn()
    {
        Add("a", Rows.Make(1));
        Add("b", Rows.Make(2));
        var whole = File.ReadAllBytes(FileName);
        for (var length = whole.Length - 1; length > whole.Length - 200; length -= 40)
        {
            File.WriteAllBytes(FileName, whole[..length]);
            Add("c", Rows.Make(3));
            using var journal = Journal.Open(FileName);
            (journal.Find("a") is null, journal.Find("b") is null, journal.Find("c") is null).ShouldBe((false, true, false));
        }
    }

    [Fact]
    public void Open_KeyTwice_TakesTheLastOne()
    {
        Add("a", Rows.Make(1));
        Add("a", Rows.Make(2));
        using var journal = Journal.Open(FileName);
        journal.Find("a")!.Single().Top1Accuracy.ShouldBe(0.02);
    }

    [Theory]
    [InlineData("{\"key\": \"a\"}")]
    [InlineData("{\"key\": \"a\", \"rows\": [{}]}")]
    [InlineData("null")]
    [InlineData("\0\0")]
    public void Open_DamagedLine_NamesIt(string line)
    {
        Add("a", Rows.Make(1));
        File.AppendAllText(FileName, line + "\n");
        Should.Throw<LfaDataException>(() => Journal.Open(FileName)).Message.ShouldBe($"{FileName}: line 2 is damaged; remove the line, and its cell runs again.");
        Should.Throw<LfaDataException>(() => Journal.ReadKeys(FileName));
    }

    [Fact]
    public void Open_WhileOpen_IsRefused()
    {
        using var journal = Journal.Open(FileName);
        foreach (var open in new Action[] { () => Journal.Open(FileName), () => Journal.ReadKeys(FileName) })
            Should.Throw<IOException>(open).Message.ShouldEndWith("; wait for a run that writes there, or give another output.");
    }

    [Fact]
    public void ReadKeys_ListsWhatIsFinished_AndMakesNoFile()
    {
        Journal.ReadKeys(FileName).ShouldBeEmpty();
        File.Exists(FileName).ShouldBeFalse();
        Add("a", Rows.Make(1));
        Journal.ReadKeys(FileName).ShouldBe(["a"]);
    }

    private void Add(string key, ResultRow row, ResultRow? second = null)
    {
        using var journal = Journal.Open(FileName);
        journal.Add(key, second is null ? [row] : [row, second]);
    }
}
