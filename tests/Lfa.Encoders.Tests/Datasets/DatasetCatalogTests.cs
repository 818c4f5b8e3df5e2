using Lfa.Encoders.Datasets;
using Lfa.Encoders.Text;

namespace Lfa.Encoders.Tests.Datasets;

public class DatasetCatalogTests
{
    [Theory]
    [InlineData("caltech101", "caltech101")]
    [InlineData("Caltech-101", "caltech101")]
    [InlineData("OxfordPets", "oxford-pets")]
    [InlineData("stanford_cars", "stanford-cars")]
    [InlineData("OxfordFlowers", "flowers102")]
    [InlineData("FGVCAircraft", "fgvc-aircraft")]
    [InlineData("DescribableTextures", "dtd")]
    [InlineData("ImageNetV2", "imagenet-v2")]
    [InlineData("ImageUCF101", "ucf101")]
    [InlineData("HMDB51", "hmdb51")]
    public void Find_NameOrAlias_IsTheDataSet(string name, string expected) => DatasetCatalog.Find(name).ShouldNotBeNull().Name.ShouldBe(expected);

    [Fact]
    public void Find_Unknown_IsNull() => DatasetCatalog.Find("cifar10").ShouldBeNull();

    [Fact]
    public void All_NamesAndAliases_LeadToTheirDataSet()
    {
        DatasetCatalog.All.Count(known => known.Iterations is not null).ShouldBe(11);
        foreach (var known in DatasetCatalog.All)
        {
            foreach (var name in known.Aliases.Prepend(known.Name))
                DatasetCatalog.Find(name).ShouldBeSameAs(known);
        }
    }

    [Fact]
    public void All_PublishedTemplates_AreTheirs()
    {
        DatasetCatalog.Find("dtd")!.Templates.Templates.ShouldBe(["{} texture."]);
        DatasetCatalog.Find("imagenet-r")!.Templates.ShouldBe(PromptTemplates.ForDataset("ImageNet"));
        PromptTemplates.ForDataset("hmdb51").Templates.ShouldBe(["a photo of a person doing {}."]);
    }

    [Fact]
    public void Read_SplitFile_GivesEachSplitWithAllClasses()
    {
        using var tree = SplitFileTree();
        var (train, validation, test) = (Read(tree, "caltech101", DatasetSplit.Train), Read(tree, "caltech101", DatasetSplit.Validation), Read(tree, "caltech101", DatasetSplit.Test));
        foreach (var split in new[] { train, validation, test })
            split.ClassNames.ShouldBe(["face", "sea horse"]);
        Names(train).ShouldBe(["sea_horse/1.jpg:1", "Faces/1.jpg:0"]);
        Names(validation).ShouldBe(["Faces/2.jpg:0"]);
        Names(test).ShouldBe(["sea_horse/2.jpg:1"]);
        File.Exists(train.Items[0].Path).ShouldBeTrue();
    }

    [Theory]
    [InlineData("""{"train": []}""", "it is not {\"train\"")]
    [InlineData("""{"train": [["a.jpg", 0]], "val": [], "test": []}""", "it is not {\"train\"")]
    [InlineData("not json", "it is not {\"train\"")]
    [InlineData("""{"train": [["Faces/3.jpg", 0, "face"]], "val": [], "test": []}""", "the entry of \"train\" with the number 1 names Faces/3.jpg, but there is no such file in")]
    [InlineData("""{"train": [["Faces/1.jpg", 1, "face"]], "val": [], "test": []}""", "its 1 labels are not those from 0 to 0")]
    [InlineData("""{"train": [["Faces/1.jpg", 0, "face"]], "val": [["Faces/2.jpg", 0, "ear"]], "test": []}""", "the label 0 of Faces/2.jpg is ear, but face before")]
    [InlineData("""{"train": [], "val": [], "test": [["Faces/1.jpg", 0, "face"]]}""", "it names no image")]
    public void Read_DamagedSplitFile_IsNamed(string json, string problem)
    {
        using var tree = SplitFileTree();
        tree.Add("caltech-101/split_zhou_Caltech101.json", json);
        var message = Should.Throw<LfaDataException>(() => Read(tree, "caltech101", DatasetSplit.Train)).Message;
        message.ShouldStartWith(tree["caltech-101/split_zhou_Caltech101.json"]);
        message.ShouldContain(problem);
        message.ShouldNotContain('\n');
    }

    [Fact]
    public void Read_MissingFile_SaysWhatIsExpectedWhere()
    {
        using var tree = SplitFileTree();
        File.Delete(tree["caltech-101/split_zhou_Caltech101.json"]);
        Should.Throw<FileNotFoundException>(() => Read(tree, "caltech101", DatasetSplit.Train)).Message
            .ShouldBe($"{tree["caltech-101/split_zhou_Caltech101.json"]}: there is no such file; caltech101 is looked for in caltech-101/ with 101_ObjectCategories/, split_zhou_Caltech101.json.");
        Should.Throw<DirectoryNotFoundException>(() => Read(tree, "dtd", DatasetSplit.Train)).Message.ShouldStartWith($"{tree["dtd"]}: there is no such folder; dtd is looked for in dtd/");
    }

    [Fact]
    public void Read_StanfordCars_StartsFromItsOwnFolder()
    {
        using var tree = new Tree("stanford_cars/cars_train/1.jpg");
        tree.Add("stanford_cars/split_zhou_StanfordCars.json", """{"train": [["cars_train/1.jpg", 0, "2012 Tesla"]], "val": [], "test": []}""");
        Names(Read(tree, "cars", DatasetSplit.Train)).ShouldBe(["cars_train/1.jpg:0"]);
    }

    [Fact]
    public void Read_ImageNet_TakesClassesFromTheFile()
    {
        using var tree = new Tree("imagenet/images/train/n01/a.JPEG", "imagenet/images/train/n03/b.JPEG", "imagenet/images/val/n02/c.JPEG");
        tree.Add("imagenet/classnames.txt", "n01 tench\nn02 great white shark\nn03 tench\n");
        var (train, test) = (Read(tree, "imagenet", DatasetSplit.Train), Read(tree, "imagenet", DatasetSplit.Test));
        train.ClassNames.ShouldBe(["tench", "great white shark", "tench"]);
        test.ClassNames.ShouldBe(train.ClassNames);
        Names(train).ShouldBe(["n01/a.JPEG:0", "n03/b.JPEG:2"]);
        Names(test).ShouldBe(["n02/c.JPEG:1"]);
        Should.Throw<LfaDataException>(() => Read(tree, "imagenet", DatasetSplit.Validation)).Message.ShouldBe("imagenet has no split val; it has train, test.");
    }

    [Fact]
    public void Read_ImagesInNoFolderOfAClass_AreRefused()
    {
        using var tree = new Tree("imagenet/images/val/ILSVRC2012_val_00000001.JPEG");
        tree.Add("imagenet/classnames.txt", "n01 tench\n");
        Should.Throw<LfaDataException>(() => Read(tree, "imagenet", DatasetSplit.Test)).Message.ShouldContain("its images lie in no folder of their class");
    }

    [Fact]
    public void Read_FolderWithoutAName_IsNamed()
    {
        using var tree = new Tree("imagenet-sketch/images/n09/a.JPEG");
        tree.Add("imagenet-sketch/classnames.txt", "n01 tench\n");
        Should.Throw<LfaDataException>(() => Read(tree, "imagenet-sketch", DatasetSplit.Test)).Message.ShouldContain("n09");
        tree.Add("imagenet-sketch/classnames.txt", "n01\n");
        Should.Throw<LfaDataException>(() => Read(tree, "imagenet-sketch", DatasetSplit.Test)).Message.ShouldContain("line 1 is \"n01\"");
    }

    [Fact]
    public void Read_ImageNetV2_FoldersAreNumbersOfLines()
    {
        using var tree = new Tree("imagenetv2/imagenetv2-matched-frequency-format-val/1/a.jpeg", "imagenetv2/imagenetv2-matched-frequency-format-val/0/b.jpeg");
        tree.Add("imagenetv2/classnames.txt", "n01 tench\nn02 shark\n");
        Names(Read(tree, "imagenet-v2", DatasetSplit.Test)).ShouldBe(["0/b.jpeg:0", "1/a.jpeg:1"]);
    }

    [Theory]
    [InlineData("imagenet-a", "imagenet-adversarial/imagenet-a")]
    [InlineData("imagenet-r", "imagenet-rendition/imagenet-r")]
    public void Read_PartOfImageNet_HasTheClassesWithAFolder(string name, string folder)
    {
        using var tree = new Tree($"{folder}/n03/a.jpg", $"{folder}/n01/b.jpg", $"{folder}/README.txt");
        tree.Add($"{folder.Split('/')[0]}/classnames.txt", "n01 tench\nn02 shark\nn03 cock\n");
        var test = Read(tree, name, DatasetSplit.Test);
        test.ClassNames.ShouldBe(["tench", "cock"]);
        Names(test).ShouldBe(["n01/b.jpg:0", "n03/a.jpg:1"]);
    }

    [Fact]
    public void WithClasses_OfAWiderList_MapsByName()
    {
        using var tree = new Tree("imagenet-adversarial/imagenet-a/n03/a.jpg");
        tree.Add("imagenet-adversarial/classnames.txt", "n01 tench\nn02 shark\nn03 cock\n");
        var test = Read(tree, "imagenet-a", DatasetSplit.Test);
        var wide = test.WithClasses(ClassNameList.From(["tench", "shark", "cock"]));
        Names(wide).ShouldBe(["n03/a.jpg:2"]);
        wide.ClassNames.Count.ShouldBe(3);
        Should.Throw<LfaDataException>(() => test.WithClasses(ClassNameList.From(["tench"], "the model"))).Message.ShouldStartWith("the model: cock is none of them");
    }

    [Fact]
    public void Read_Aircraft_ReadsItsLists()
    {
        using var tree = new Tree("fgvc_aircraft/images/001.jpg", "fgvc_aircraft/images/002.jpg");
        tree.Add("fgvc_aircraft/variants.txt", "707-320\nA300B4 long\n");
        tree.Add("fgvc_aircraft/images_variant_train.txt", "002 A300B4 long\n001 707-320\n");
        tree.Add("fgvc_aircraft/images_variant_val.txt", "001 737\n");
        var train = Read(tree, "aircraft", DatasetSplit.Train);
        train.ClassNames.ShouldBe(["707-320", "A300B4 long"]);
        Names(train).ShouldBe(["002.jpg:1", "001.jpg:0"]);
        Should.Throw<LfaDataException>(() => Read(tree, "aircraft", DatasetSplit.Validation)).Message.ShouldContain("737 is none of them");
        Should.Throw<FileNotFoundException>(() => Read(tree, "aircraft", DatasetSplit.Test)).Message.ShouldContain("images_variant_test.txt: there is no such file");
    }

    [Fact]
    public void Read_UcfVideos_ReadsTheDivisionAskedFor()
    {
        using var tree = new Tree("ucf101/UCF-101/ApplyEyeMakeup/v1.avi", "ucf101/UCF-101/ApplyEyeMakeup/v2.avi", "ucf101/UCF-101/TaiChi/v3.avi");
        tree.Add("ucf101/ucfTrainTestlist/classInd.txt", "1 ApplyEyeMakeup\r\n2 TaiChi\r\n");
        tree.Add("ucf101/ucfTrainTestlist/trainlist01.txt", "ApplyEyeMakeup/v1.avi 1\r\nTaiChi/v3.avi 2\r\n");
        tree.Add("ucf101/ucfTrainTestlist/testlist01.txt", "ApplyEyeMakeup/v2.avi\r\n");
        tree.Add("ucf101/ucfTrainTestlist/trainlist03.txt", "TaiChi/v3.avi 2\r\n");
        var train = Read(tree, "ucf101-videos", DatasetSplit.Train);
        train.ClassNames.ShouldBe(["Apply Eye Makeup", "Tai Chi"]);
        Names(train).ShouldBe(["ApplyEyeMakeup/v1.avi:0", "TaiChi/v3.avi:1"]);
        train.Items.ShouldAllBe(item => item.IsVideo);
        Names(Read(tree, "ucf101-videos", DatasetSplit.Test)).ShouldBe(["ApplyEyeMakeup/v2.avi:0"]);
        Names(Read(tree, "ucf101-videos-3", DatasetSplit.Train)).ShouldBe(["TaiChi/v3.avi:1"]);
    }

    [Fact]
    public void Read_HmdbVideos_TakesTheVideosOfThePart()
    {
        using var tree = new Tree("hmdb51/videos/climb/a.avi", "hmdb51/videos/climb/b.avi", "hmdb51/videos/climb/c.avi", "hmdb51/videos/climb_stairs/d.avi");
        tree.Add("hmdb51/testTrainMulti_7030_splits/climb_test_split1.txt", "a.avi 1 \nb.avi 2 \nc.avi 0 \n");
        tree.Add("hmdb51/testTrainMulti_7030_splits/climb_stairs_test_split1.txt", "d.avi 1 \n");
        tree.Add("hmdb51/testTrainMulti_7030_splits/climb_test_split2.txt", "c.avi 1 \n");
        var train = Read(tree, "hmdb51", DatasetSplit.Train);
        train.ClassNames.ShouldBe(["climb", "climb stairs"]);
        Names(train).ShouldBe(["climb/a.avi:0", "climb_stairs/d.avi:1"]);
        Names(Read(tree, "hmdb51", DatasetSplit.Test)).ShouldBe(["climb/b.avi:0"]);
        Should.Throw<LfaDataException>(() => Read(tree, "hmdb51-3", DatasetSplit.Train)).Message.ShouldContain("there is no list of a class");
    }

    private static Tree SplitFileTree()
    {
        var tree = new Tree("caltech-101/101_ObjectCategories/Faces/1.jpg", "caltech-101/101_ObjectCategories/Faces/2.jpg", "caltech-101/101_ObjectCategories/sea_horse/1.jpg", "caltech-101/101_ObjectCategories/sea_horse/2.jpg");
        tree.Add("caltech-101/split_zhou_Caltech101.json", """
            {"train": [["sea_horse/1.jpg", 1, "sea_horse"], ["Faces/1.jpg", 0, "face"]],
             "val": [["Faces/2.jpg", 0, "face"]], "test": [["sea_horse/2.jpg", 1, "sea_horse"]]}
            """);
        return tree;
    }

    private static ImageDataset Read(Tree tree, string name, DatasetSplit split) => DatasetCatalog.Find(name)!.Read(tree.Root, split);

    private static IEnumerable<string> Names(ImageDataset dataset) => dataset.Items.Select(item => Invariant($"{item.Name}:{item.Label}"));
}
