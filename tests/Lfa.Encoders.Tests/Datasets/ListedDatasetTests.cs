using Lfa.Encoders.Datasets;

namespace Lfa.Encoders.Tests.Datasets;

public sealed class ListedDatasetTests : IDisposable
{
    private readonly Tree _tree = new("a.png", "sub/b c.png", "sub/d,e.png");

    public void Dispose() => _tree.Dispose();

    [Theory]
    [InlineData("a.png,dog\nsub/b c.png,cat\n")]
    [InlineData("file,label\r\na.png,dog\r\n\"sub/b c.png\",\"cat\"\r\n")]
    [InlineData("\uFEFFclass,image\ndog,a.png\ncat,sub/b c.png")]
    public void FromCsv_ClassNames_AreLabelsInOrdinalOrder(string csv)
    {
        var data = ImageDataset.FromCsv(Write(csv));
        data.ClassNames.ShouldBe(["cat", "dog"]);
        data.Items.Select(item => (item.Name, item.Label)).ShouldBe([("a.png", 1), ("sub/b c.png", 0)]);
        data.Items.ShouldAllBe(item => File.Exists(item.Path));
    }

    [Fact]
    public void FromCsv_QuotedCommaAndQuote_AreRead()
    {
        var data = ImageDataset.FromCsv(Write("\"sub/d,e.png\",\"a \"\"big\"\" one\"\n"));
        data.Items[0].Name.ShouldBe("sub/d,e.png");
        data.ClassNames.ShouldBe(["a \"big\" one"]);
    }

    [Fact]
    public void FromCsv_Numbers_AreLabelsOfTheList()
    {
        var path = Write("a.png,1\nsub/b c.png,0\n");
        ImageDataset.FromCsv(path, ClassNameList.Parse(["cat", "dog"])).Items.Select(item => item.Label).ShouldBe([1, 0]);
        Problem(path).ShouldContain("its labels are numbers; give the class names");
        Problem(path, ClassNameList.Parse(["cat"])).ShouldContain("the label 1 of a.png is out of range; there are 1 classes");
    }

    [Fact]
    public void FromCsv_ListedNames_TakeTheirOrder() =>
        ImageDataset.FromCsv(Write("a.png,Big_Dog\n"), ClassNameList.Parse(["cat", "big dog"])).Items[0].Label.ShouldBe(1);

    [Theory]
    [InlineData("a.png,x\ngone.png,x\n", "row 2 names gone.png, but there is no such file")]
    [InlineData("a.png,x\na.png,y\n", "row 2 names a.png, as row 1 does")]
    [InlineData("a.png,x\nsub/b c.png\n", "row 2 lacks a file or its label")]
    [InlineData("a.png,\n", "row 1 lacks a file or its label")]
    [InlineData("a.png\n", "row 1 lacks a file or its label")]
    [InlineData("file,label\n", "it names no image")]
    [InlineData("", "it names no image")]
    [InlineData("\"a.png,x\nsub", "")]
    public void FromCsv_BadRow_NamesIt(string csv, string problem)
    {
        var message = Problem(Write(csv));
        message.ShouldStartWith(_tree["list.csv"]);
        message.ShouldContain(problem);
    }

    [Fact]
    public void FromCsv_FurtherColumns_AreIgnored() =>
        ImageDataset.FromCsv(Write("split,file,label,width\ntrain,a.png,x,3\n")).Items[0].Name.ShouldBe("a.png");

    [Fact]
    public void FromList_FileALine_IsUnlabeledInOrder()
    {
        var data = ImageDataset.FromList(Write("sub/d,e.png\n\na.png\n"));
        data.Items.Select(item => item.Name).ShouldBe(["sub/d,e.png", "a.png"]);
        data.IsLabeled.ShouldBeFalse();
        Should.Throw<LfaDataException>(() => ImageDataset.FromList(Write("a.png\n\ngone.png"))).Message.ShouldContain("line 3 names gone.png");
    }

    [Fact]
    public void FromFiles_Images_AreNamedAsGiven()
    {
        var item = ImageDataset.FromFiles([_tree["a.png"]]).Items.ShouldHaveSingleItem();
        (item.Name, item.Path).ShouldBe((_tree["a.png"], _tree["a.png"]));
        Should.Throw<FileNotFoundException>(() => ImageDataset.FromFiles([_tree["gone.png"]]));
    }

    [Theory]
    [InlineData("a\na", "line 2 names the class a again")]
    [InlineData("x = a\nX\tb", "line 2 names the folder X again")]
    [InlineData("x = ", "line 1 lacks one side")]
    [InlineData(" \n", "it names no class")]
    public void ClassNameList_BadLine_NamesIt(string text, string problem) =>
        Should.Throw<LfaDataException>(() => ClassNameList.Parse(text.Split('\n'))).Message.ShouldContain(problem);

    [Fact]
    public void ClassNameList_Read_MapsFolders()
    {
        _tree.Add("names.txt", "n01 = great white shark\r\n\r\nn02\ttench\r\nbig_cat\r\n");
        var names = ClassNameList.Read(_tree["names.txt"]);
        names.Names.ShouldBe(["great white shark", "tench", "big_cat"]);
        (names.LabelOf("n02"), names.LabelOf("Big cat")).ShouldBe((1, 2));
    }

    private static string Problem(string path, ClassNameList? names = null) => Should.Throw<LfaDataException>(() => ImageDataset.FromCsv(path, names)).Message;

    private string Write(string content)
    {
        _tree.Add("list.csv", content);
        return _tree["list.csv"];
    }
}
