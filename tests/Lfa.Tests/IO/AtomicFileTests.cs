using System.Runtime.Versioning;

namespace Lfa.Tests.IO;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_New_LeavesOnlyTheFile()
    {
        AtomicFile.Write(_folder["x"], stream => stream.Write("new"u8));
        Content("x").ShouldBe("new");
        Files().ShouldBe(["x"]);
    }

    [Fact]
    public void Write_ClosingTheStream_IsAllowed()
    {
        AtomicFile.Write(_folder["x"], stream =>
        {
            using var writer = new StreamWriter(stream);
            writer.Write("text");
        });
        Content("x").ShouldBe("text");
    }

    [Fact]
    public void Write_Existing_ReplacesItWhole()
    {
        File.WriteAllText(_folder["x"], "old and longer");
        AtomicFile.Write(_folder["x"], stream => stream.Write("new"u8));
        Content("x").ShouldBe("new");
    }

    [Fact]
    public void Write_FailsMidway_LeavesTheTargetAndNoTemporary()
    {
        File.WriteAllText(_folder["x"], "old");
        Should.Throw<OperationCanceledException>(() => AtomicFile.Write(_folder["x"], FailMidway));
        Content("x").ShouldBe("old");
        Files().ShouldBe(["x"]);
        Should.Throw<OperationCanceledException>(() => AtomicFile.Write(_folder["y"], FailMidway));
        Files().ShouldBe(["x"]);
    }

    [Fact]
    public void Write_WhileWriting_ShowsTheOldContent()
    {
        File.WriteAllText(_folder["x"], "old");
        AtomicFile.Write(_folder["x"], stream =>
        {
            stream.Write("new"u8);
            stream.Flush();
            Content("x").ShouldBe("old");
        });
    }

    [Fact]
    public void Write_ToAFolder_SaysSo()
    {
        Directory.CreateDirectory(_folder["sub"]);
        Should.Throw<IOException>(() => AtomicFile.Write(_folder["sub"], FailMidway)).Message.ShouldBe($"{_folder["sub"]} is a folder; give the name of a file.");
    }

    [Fact]
    public void Write_FolderIsMissing_SaysSo() =>
        Should.Throw<DirectoryNotFoundException>(() => AtomicFile.Write(_folder["no/x"], FailMidway))
            .Message.ShouldBe($"{_folder["no/x"]}: the folder {_folder["no"]} does not exist; create it first.");

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void Write_FolderMayNotBeWritten_SaysSo()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("Windows has no Unix permissions.");
        var sub = Directory.CreateDirectory(_folder["sub"]);
        sub.UnixFileMode = UnixFileMode.UserRead | UnixFileMode.UserExecute;
        try
        {
            File.WriteAllText(_folder["sub/probe"], "");
            Assert.Skip("This user may write everywhere.");
        }
        catch (UnauthorizedAccessException)
        {
            Should.Throw<IOException>(() => AtomicFile.Write(_folder["sub/x"], FailMidway)).Message.ShouldContain("no permission");
        }
    }

    [Fact]
    public void Write_ThroughALink_ReplacesWhatItPointsAt()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("Windows lets only some users make links.");
        File.WriteAllText(_folder["real"], "old");
        File.CreateSymbolicLink(_folder["link"], _folder["real"]);
        AtomicFile.Write(_folder["link"], stream => stream.Write("new"u8));
        Content("real").ShouldBe("new");
        new FileInfo(_folder["link"]).LinkTarget.ShouldNotBeNull();
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void Write_Existing_KeepsItsPermissions()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("Windows has no Unix permissions.");
        File.WriteAllText(_folder["x"], "old");
        File.SetUnixFileMode(_folder["x"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        AtomicFile.Write(_folder["x"], stream => stream.Write("new"u8));
        File.GetUnixFileMode(_folder["x"]).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
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
        File.WriteAllText(_folder["x"], "old");
        AtomicFile.ThrowIfNotWritable(_folder["x"]);
        AtomicFile.ThrowIfNotWritable(_folder["y"]);
        AtomicFile.ThrowIfNotWritable("/dev/null");
        Content("x").ShouldBe("old");
        Files().ShouldBe(["x"]);
    }

    [Fact]
    public void ThrowIfNotWritable_NotWritable_SaysSo()
    {
        Should.Throw<IOException>(() => AtomicFile.ThrowIfNotWritable(_folder.FullName)).Message.ShouldContain("is a folder");
        Should.Throw<IOException>(() => AtomicFile.ThrowIfNotWritable(_folder["no/x"])).Message.ShouldContain("does not exist");
        Should.Throw<ArgumentException>(() => AtomicFile.ThrowIfNotWritable(""));
    }

    private static void FailMidway(Stream stream)
    {
        stream.Write("half"u8);
        stream.Flush();
        throw new OperationCanceledException();
    }

    private string Content(string name) => File.ReadAllText(_folder[name]);

    private IEnumerable<string?> Files() => Directory.GetFileSystemEntries(_folder.FullName).Select(Path.GetFileName);
}
