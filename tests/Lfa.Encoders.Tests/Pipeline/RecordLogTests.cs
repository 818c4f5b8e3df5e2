using CsCheck;
using Lfa.Encoders.Pipeline;

namespace Lfa.Encoders.Tests.Pipeline;

public sealed class RecordLogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_AfterReopening_GivesWhatWasAdded()
    {
        using (var log = RecordLog.Open(_folder["log"], [1]))
        {
            log.Append([2, 3]);
            log.Append([]);
            log.Append([4]);
        }
        using var again = RecordLog.Open(_folder["log"], [1]);
        Records(again).ShouldBe(["0203", "", "04"]);
    }

    [Fact]
    public void Open_TornAnywhere_KeepsTheWholeRecordsAndGoesOn()
    {
        using (var log = RecordLog.Open(_folder["whole"], [1]))
        {
            log.Append([2, 3]);
            log.Append([4]);
        }
        var bytes = File.ReadAllBytes(_folder["whole"]);
        for (var length = 0; length <= bytes.Length; length++)
        {
            File.WriteAllBytes(_folder["torn"], bytes[..length]);
            using (var log = RecordLog.Open(_folder["torn"], [1]))
            {
                var kept = Records(log);
                new[] { "0203", "04" }.Take(kept.Length).ShouldBe(kept);
                log.Append([5]);
            }
            using var again = RecordLog.Open(_folder["torn"], [1]);
            Records(again)[^1].ShouldBe("05");
        }
    }

    [Fact]
    public void Open_DamagedByte_NeverGivesAWrongRecord()
    {
        using (var log = RecordLog.Open(_folder["whole"], [1]))
        {
            log.Append([2, 3]);
            log.Append([4]);
        }
        var bytes = File.ReadAllBytes(_folder["whole"]);
        Gen.Select(Gen.Int[0, bytes.Length - 1], Gen.Byte[1, 255]).Sample((position, change) =>
        {
            var damaged = (byte[])bytes.Clone();
            damaged[position] ^= change;
            var path = _folder[Guid.NewGuid().ToString()];
            File.WriteAllBytes(path, damaged);
            using var log = RecordLog.Open(path, [1]);
            var kept = Records(log);
            return new[] { "0203", "04" }.Take(kept.Length).SequenceEqual(kept) && kept.Length < 2;
        }, iter: 200);
    }

    [Fact]
    public void Open_OtherHeader_IsRefusedAndKeepsTheFile()
    {
        using (var log = RecordLog.Open(_folder["log"], [1]))
            log.Append([2]);
        Should.Throw<LfaDataException>(() => RecordLog.Open(_folder["log"], [9]));
        using var again = RecordLog.Open(_folder["log"], [1]);
        Records(again).ShouldBe(["02"]);
    }

    [Fact]
    public void CutAt_Record_RemovesItAndAllThatFollow()
    {
        using var log = RecordLog.Open(_folder["log"], [1]);
        log.Append([2]);
        var second = log.Append([3]);
        log.Append([4]);
        log.CutAt(second);
        log.Append([5]);
        Records(log).ShouldBe(["02", "05"]);
    }

    [Fact]
    public void Open_WhileOpen_IsRefused()
    {
        using var log = RecordLog.Open(_folder["log"], [1]);
        Should.Throw<IOException>(() => RecordLog.Open(_folder["log"], [1]));
    }

    private static string[] Records(RecordLog log) => [.. log.Read().Select(entry => Convert.ToHexString(entry.Record))];
}
