using System.Runtime.Versioning;
using Lfa.IO;
using Lfa.Tests.Support;

namespace Lfa.Tests.IO;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Write_New_LeavesOnlyTheFile()
    {
        AtomicFile.Write(folder["x"], stream => stream.Write("new"u8));
        Content("x").ShouldBe("new");
        Files().ShouldBe(["x"]);
    }

    [Fact]
    public void Write_ClosingTheStream_IsAllowed()
    {
        AtomicFile.Write(folder["x"], stream =>
        {
            using var writer = new StreamWriter(stream);
            writer.Write("text");
        });
        Content("x").ShouldBe("text");
    }

    [Fact]
    public void Write_Existing_ReplacesItWhole()
    {
        File.WriteAllText(folder["x"], "old and longer");
        AtomicFile.Write(folder["x"], stream => stream.Write("new"u8));
        Content("x").ShouldBe("new");
    }

    [Fact]
    public void Write_FailsMidway_LeavesTheTargetAndNoTemporary()
    {
        File.WriteAllText(folder["x"], "old");
        Should.Throw<OperationCanceledException>(() => AtomicFile.Write(folder["x"], FailMidway));
        Content("x").ShouldBe("old");
        Files().ShouldBe(["x"]);
        Should.Throw<OperationCanceledException>(() => AtomicFile.Write(folder["y"], FailMidway));
        Files().ShouldBe(["x"]);
    }

    [Fact]
    public void Write_WhileWriting_ShowsTheOldContent()
    {
        File.WriteAllText(folder["x"], "old");
        AtomicFile.Write(folder["x"], stream =>
        {
            stream.Write("new"u8);
            stream.Flush();
            Content("x").ShouldBe("old");
        });
    }

    [Fact]
    public void Write_ToAFolder_SaysSo()
    {
        Directory.CreateDirectory(folder["sub"]);
        Should.Throw<IOException>(() => AtomicFile.Write(folder["sub"], FailMidway)).Message.ShouldBe($"{folder["sub"]} is a folder; give the name of a file.");
    }

    [Fact]
    public void Write_FolderIsMissing_SaysSo() =>
        Should.Throw<DirectoryNotFoundException>(() => AtomicFile.Write(folder["no/x"], FailMidway))
            .Message.ShouldBe($"{folder["no/x"]}: the folder {folder["no"]} does not exist; create it first.");

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void Write_FolderMayNotBeWritten_SaysSo()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("Windows has no Unix permissions.");
        var sub = Directory.CreateDirectory(folder["sub"]);
        sub.UnixFileMode = UnixFileMode.UserRead | UnixFileMode.UserExecute;
        try
        {
            File.WriteAllText(folder["sub/probe"], "");
            Assert.Skip("This user may write everywhere.");
        }
        catch (UnauthorizedAccessException)
        {
            Should.Throw<IOException>(() => AtomicFile.Write(folder["sub/x"], FailMidway)).Message.ShouldContain("no permission");
        }
    }

    [Fact]
    public void Write_ThroughALink_ReplacesWhatItPointsAt()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("Windows lets only some users make links.");
        File.WriteAllText(folder["real"], "old");
        File.CreateSymbolicLink(folder["link"], folder["real"]);
        AtomicFile.Write(folder["link"], stream => stream.Write("new"u8));
        Content("real").ShouldBe("new");
        new FileInfo(folder["link"]).LinkTarget.ShouldNotBeNull();
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void Write_Existing_KeepsItsPermissions()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("Windows has no Unix permissions.");
        File.WriteAllText(folder["x"], "old");
        File.SetUnixFileMode(folder["x"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        AtomicFile.Write(folder["x"], stream => stream.Write("new"u8));
        File.GetUnixFileMode(folder["x"]).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public void Write_ToADevice_LeavesItADevice()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("Windows has no /dev/null.");
        AtomicFile.Write("/dev/null", stream => stream.Write("gone"u8));
        File.ReadAllBytes("/dev/null").ShouldBeEmpty();
    }

    [Fact]
    public void Write_DeviceIsFull_NamesIt()
    {
        if (!File.Exists("/dev/full"))
            Assert.Skip("This system has no /dev/full.");
        Should.Throw<IOException>(() => AtomicFile.Write("/dev/full", stream => stream.Write(new byte[1 << 20])))
            .Message.ShouldBe("/dev/full: cannot be written: No space left on device; give another place.");
        Should.Throw<IOException>(() => AtomicFile.Write("/dev/full", stream => stream.Write("buffered"u8))).Message.ShouldStartWith("/dev/full: cannot be written: ");
    }

    [Fact]
    public void ThrowIfNotWritable_Writable_LeavesNothing()
    {
        File.WriteAllText(folder["x"], "old");
        AtomicFile.ThrowIfNotWritable(folder["x"]);
        AtomicFile.ThrowIfNotWritable(folder["y"]);
        AtomicFile.ThrowIfNotWritable("/dev/null");
        Content("x").ShouldBe("old");
        Files().ShouldBe(["x"]);
    }

    [Fact]
    public void ThrowIfNotWritable_NotWritable_SaysSo()
    {
        Should.Throw<IOException>(() => AtomicFile.ThrowIfNotWritable(folder.FullName)).Message.ShouldContain("is a folder");
        Should.Throw<IOException>(() => AtomicFile.ThrowIfNotWritable(folder["no/x"])).Message.ShouldContain("does not exist");
        Should.Throw<ArgumentException>(() => AtomicFile.ThrowIfNotWritable(""));
    }

    private static void FailMidway(Stream stream)
    {
        stream.Write("half"u8);
        stream.Flush();
        throw new OperationCanceledException();
    }

    private string Content(string name) => File.ReadAllText(folder[name]);

    private IEnumerable<string?> Files() => Directory.GetFileSystemEntries(folder.FullName).Select(Path.GetFileName);
}
