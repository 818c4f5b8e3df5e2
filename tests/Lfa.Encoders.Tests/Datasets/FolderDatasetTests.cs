using System.Diagnostics;
using CsCheck;
using Lfa.Encoders.Datasets;
using Lfa.Encoders.Tests.Support;

namespace Lfa.Encoders.Tests.Datasets;

public class FolderDatasetTests
{
    [Fact]
    public void FromFolder_FolderPerClass_LabelsInOrdinalOrder()
    {
        using var tree = new Tree("dog/b.JPG", "dog/a.png", "car_side/deep/er/c.webp", "car_side/z.mp4", "dog/notes.txt", ".git/x.png", "dog/.hidden.png", "__MACOSX/dog/b.jpg", "dog/Thumbs.db");
        var data = ImageDataset.FromFolder(tree.Root);
        data.ClassNames.ShouldBe(["car side", "dog"]);
        data.Items.Select(item => (item.Name, item.Label, item.IsVideo)).ShouldBe([("car_side/deep/er/c.webp", 0, false), ("car_side/z.mp4", 0, true), ("dog/a.png", 1, false), ("dog/b.JPG", 1, false)]);
        data.Items.ShouldAllBe(item => File.Exists(item.Path));
        (data.IsLabeled, data.IgnoredFiles, data.Warnings.Count).ShouldBe((true, 1, 0));
    }

    [Fact]
    public void FromFolder_NoSubfolders_IsUnlabeled()
    {
        using var tree = new Tree("b.png", "a.png", "B.png");
        var data = ImageDataset.FromFolder(tree.Root);
        data.Items.Select(item => (item.Name, item.Label)).ShouldBe([("B.png", -1), ("a.png", -1), ("b.png", -1)]);
        data.IsLabeled.ShouldBeFalse();
        data.ClassNames.ShouldBeEmpty();
    }

    [Fact]
    public void FromFolder_NeighboringNames_SortAsWholeStrings()
    {
        using var tree = new Tree("a/z.png", "a-b/a.png", "a/b/c.png", "a/b.png", "ab/a.png", "a/b-c.png");
        var names = ImageDataset.FromFolder(tree.Root).Items.Select(item => item.Name).ToArray();
        names.ShouldBe(names.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void FromFolder_ImagesBesideFolders_NamesBoth()
    {
        using var tree = new Tree("cat/a.png", "stray.png");
        Problem(tree).ShouldContain("it holds images (stray.png) beside folders (cat)");
        ImageDataset.FromUnlabeledFolder(tree.Root).Items.Count.ShouldBe(2);
    }

    [Fact]
    public void FromFolder_ClassWithoutImage_NamesItUnlessListed()
    {
        using var tree = new Tree("cat/a.png", "dog/readme.txt");
        Problem(tree).ShouldContain("the folder dog holds no image");
        var data = ImageDataset.FromFolder(tree.Root, ClassNameList.Parse(["dog", "cat", "bird"]));
        data.ClassNames.ShouldBe(["dog", "cat", "bird"]);
        data.Items[0].Label.ShouldBe(1);
    }

    [Fact]
    public void FromFolder_NoImage_SaysSo()
    {
        using var tree = new Tree("readme.txt");
        Problem(tree).ShouldContain("it holds no image");
    }

    [Fact]
    public void FromFolder_NamesThatReadAlike_NamesBoth()
    {
        using var tree = new Tree("car_side/a.png", "car side/a.png");
        Problem(tree).ShouldContain("the folders car side and car_side are both the class car side");
    }

    [Fact]
    public void FromFolder_FolderNotListed_SaysWhatToAdd()
    {
        using var tree = new Tree("n01/a.png", "n02/a.png");
        Should.Throw<LfaDataException>(() => ImageDataset.FromFolder(tree.Root, ClassNameList.Parse(["n01 = tench"], "names.txt")))
            .Message.ShouldBe("names.txt: no line is of n02; add \"n02 = \" and the name of its class.");
    }

    [Fact]
    public void FromFolder_LinksInALoop_AreSkippedAndNamed()
    {
        using var tree = new Tree("cat/a.png", "dog/b.png");
        tree.Link("cat/self", tree["cat"]);
        tree.Link("cat/up", tree.Root);
        tree.Link("cat/top", "/");
        tree.Link("dog/x/cats", tree["cat"]);
        tree.Link("dog/broken.jpg", tree["nowhere"]);
        tree.Link("dog/self.png", "self.png");
        var data = ImageDataset.FromFolder(tree.Root);
        // What a link leads to belongs to the class of the link, too.
        data.Items.Select(item => item.Name).ShouldBe(["cat/a.png", "dog/b.png", "dog/x/cats/a.png"]);
        foreach (var name in (string[])["cat/self leads to", "cat/up leads to", "cat/top leads to", "dog/x/cats/self leads to", "dog/broken.jpg is a link to nothing", "dog/self.png is a link to nothing"])
            data.Warnings.ShouldContain(warning => warning.StartsWith(name));
    }

    [Fact]
    public void FromFolder_FoldersThatAllLinkToEachOther_AreReadOnceAClass()
    {
        using var tree = new Tree();
        for (var i = 0; i < 12; i++)
        {
            tree.Add($"all/{i}/a.png");
            for (var j = 0; j < 12; j++)
                tree.Link($"all/{i}/to{j}", tree[$"all/{j}"]);
        }
        var data = ImageDataset.FromFolder(tree.Root);
        data.Items.Count.ShouldBe(12);
        data.Warnings.Count.ShouldBe(101);
        data.Warnings[^1].ShouldContain("more problems");
    }

    [Fact]
    public void FromFolder_OddNames_AreFound()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows forbids such names.");
        using var tree = new Tree("a class/with space.png", "a class/new\nline.png", "日本/猫 😀.png", "-rf/--help.png", "a class/back\\slash.png");
        ImageDataset.FromFolder(tree.Root).Items.ShouldAllBe(item => File.Exists(item.Path));
        using var empty = new Tree("bad\nname/readme.txt", "cat/a.png");
        Problem(empty).ShouldContain("bad\\u000aname");
    }

    [Fact]
    public void FromFolder_NameThatIsNotUtf8_IsSkippedAndReported()
    {
        Assert.SkipWhen(!OperatingSystem.IsLinux(), "Only Linux has such names.");
        using var tree = new Tree("cat/a.png");
        Shell(@"touch ""$1""/$'\xff.png' && mkdir ""$1""/$'d\xfe'");
        var data = ImageDataset.FromFolder(tree.Root);
        // .NET cannot delete them.
        Shell(@"rm -r ""$1""/$'\xff.png' ""$1""/$'d\xfe'");
        data.Items.Count.ShouldBe(1);
        data.Warnings.Count.ShouldBe(2);

        void Shell(string command)
        {
            using var shell = Process.Start(new ProcessStartInfo("bash", ["-c", command, "-", tree["cat"]]))!;
            shell.WaitForExit();
        }
    }

    [Trait(Speed.Trait, Speed.Slow)]
    [Fact]
    public void FromFolder_ManyFiles_TakesNoQuadraticTime()
    {
        using var tree = new Tree();
        Growth.ShouldNotBeQuadratic(2_500, size =>
        {
            Directory.CreateDirectory(tree[$"{size}/cat"]);
            for (var i = 0; i < size; i++)
                File.WriteAllBytes(tree[$"{size}/cat/{i}.png"], []);
            return () => ImageDataset.FromFolder(tree[$"{size}"]).Items.Count.ShouldBe(size);
        });
    }

    [Fact]
    public void Shard_AllParts_AreTheWhole() => Gen.Select(Gen.Int[1, 20], Gen.Int[1, 30]).Sample((count, parts) =>
    {
        var folder = new ImageFolder("/root", "x");
        var items = Enumerable.Range(0, count).Select(i => new ImageItem(folder, $"{i}.png", 0)).ToArray();
        var whole = new ImageDataset(items, ["x"], isLabeled: true);
        var shards = Enumerable.Range(1, parts).Select(part => whole.Shard(part, parts)).ToArray();
        shards.SelectMany(shard => shard.Items).ShouldBe(items);
        (shards.Max(shard => shard.Items.Count) - shards.Min(shard => shard.Items.Count)).ShouldBeLessThanOrEqualTo(1);
    }, iter: 200);

    [Theory]
    [InlineData(0, 2)]
    [InlineData(3, 2)]
    [InlineData(1, 0)]
    public void Shard_OutOfRange_Fails(int part, int parts)
    {
        var data = new ImageDataset(new ImageItem[1], [], isLabeled: false);
        Should.Throw<ArgumentOutOfRangeException>(() => data.Shard(part, parts));
    }

    private static string Problem(Tree tree)
    {
        var message = Should.Throw<LfaDataException>(() => ImageDataset.FromFolder(tree.Root)).Message;
        message.ShouldStartWith(tree.Root);
        message.ShouldNotContain('\n');
        return message;
    }
}

[Collection(nameof(Alone))]
public class DatasetMemoryTests
{
    [Fact]
    public void FromFolder_ManyFiles_TakesUnderTwoHundredBytesEach()
    {
        using var tree = new Tree();
        const int Files = 5_000;
        for (var folder = 0; folder < 20; folder++)
        {
            Directory.CreateDirectory(tree[$"a_class_{folder}"]);
            for (var i = 0; i < Files / 20; i++)
                File.WriteAllBytes(tree[$"a_class_{folder}/ILSVRC2012_val_{i:D8}.JPEG"], []);
        }
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var data = ImageDataset.FromFolder(tree.Root);
        var used = GC.GetTotalMemory(forceFullCollection: true) - before;
        (used / data.Items.Count).ShouldBeLessThan(200);
        GC.KeepAlive(data);
    }
}
