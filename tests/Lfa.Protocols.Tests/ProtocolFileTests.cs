using Lfa.Encoders.Datasets;
using Lfa.Methods;
using Lfa.Protocols.Comparison;
using Lfa.Protocols.Tests.Support;

namespace Lfa.Protocols.Tests;

public sealed class ProtocolFileTests : IDisposable
{
    private const string Animals = """{"name": "animals", "train": "animals-train.npz", "test": "animals-test.npz"}""";

    private static readonly IProtocol FewShot = ProtocolCatalog.All.Single(one => one.Name == "few-shot");

    private readonly SmallData _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public void Read_DataAlone_IsThePublishedProtocol()
    {
        var plan = ProtocolFile.Read(_data.Config($$"""{"data": [{{Animals}}]}""", "first.json"), FewShot);
        plan.Shots.Select(shots => shots.ToString()).ShouldBe(["1", "2", "4", "8", "16"]);
        plan.Seeds.ShouldBe([1, 2, 3]);
        plan.Methods.ShouldBe(MethodComparison.Methods.Where(method => !method.Needs.HasFlag(MethodNeeds.SeparateSpaces)).Select(method => method.Name));
        plan.Iterations.ShouldBeNull();
        plan.Output.ShouldBe(_data["first"]);
        plan.Data.ShouldHaveSingleItem().Train.ShouldBe(new DataFile("animals-train.npz", _data["animals-train.npz"]));
    }

    [Fact]
    public void Read_EveryKey_IsTaken()
    {
        var plan = ProtocolFile.Read(_data.Config("""
            {
              "output": "results/here",
              "data": [{"name": "animals", "train": "animals-train.npz", "test": "animals-test.npz", "iterations": 3}, {"name": "birds", "train": "birds-train.npz", "test": "birds-test.npz"}],
              "shots": [2, "all"],
              "seeds": [-4, 5],
              "methods": ["lfa", "zero-shot"],
              "iterations": 6
            }
            """), FewShot);
        plan.Output.ShouldBe(Path.Combine(_data["results"], "here"));
        plan.Cells.Count().ShouldBe(2 * 2 * 2 * 2);
        plan.Cells.Take(5).Select(cell => cell.ToString()).ShouldBe(["animals, 2 shots, seed -4, lfa", "animals, 2 shots, seed -4, zero-shot", "animals, 2 shots, seed 5, lfa", "animals, 2 shots, seed 5, zero-shot", "animals, all images, seed -4, lfa"]);
        plan.Cells.First().Options.ShouldStartWith("{\"cross_validation\":");
        plan.Cells.First().Options.ShouldContain("\"refinement\":{\"iterations\":3,");
        plan.Cells.First(cell => cell.Data.Name == "birds").Options.ShouldContain("\"refinement\":{\"iterations\":6,");
        plan.Cells.Where(cell => cell.Method == "zero-shot").ShouldAllBe(cell => cell.Options == "");
    }

    [Theory]
    [InlineData("""{"data": [A], "shot": [1]}""", "line 1: there is no key \"shot\"; the keys are data, root, model, output, shots, seeds, methods, iterations.")]
    [InlineData("{\n\"data\": [A],\n\"seeds\": [1],\n\"seeds\": [2]}", "line 4: seeds is there twice; leave one.")]
    [InlineData("""{"seeds": [1]}""", "line 1: the key \"data\" is missing; add it.")]
    [InlineData("{\n\"data\": [{\"name\": \"x\",\n\"tests\": 1}]}", "line 3: there is no key \"tests\" in data[0]; the keys are name, train, test, text, iterations.")]
    [InlineData("""{"data": [{"name": "x", "train": "animals-train.npz"}]}""", "line 1: the key \"test\" is missing in data[0]; add it.")]
    [InlineData("""{"data": ["eurosat"]}""", "line 1: eurosat is a folder of images; say with the key \"root\" in which folder it is.")]
    [InlineData("""{"data": [{"name": "eurosat"}], "root": "."}""", "line 1: eurosat is a folder of images; say with the key \"model\" what embeds them.")]
    [InlineData("""{"data": ["imagenet-r"], "root": ".", "model": "m"}""", "line 1: imagenet-r has no images to fit to; it has test.")]
    [InlineData("""{"data": [{"name": "x", "train": "none.npz", "test": "animals-test.npz"}]}""", "line 1: none.npz: there is no such file.")]
    [InlineData("""{"data": [{"name": "../x", "train": "animals-train.npz", "test": "animals-test.npz"}]}""", "line 1: \"../x\" cannot name a dataset; take letters, digits, -, _ and ., and another name than average and source.")]
    [InlineData("""{"data": [{"name": "average", "train": "animals-train.npz", "test": "animals-test.npz"}]}""", "line 1: \"average\" cannot name a dataset; take letters, digits, -, _ and ., and another name than average and source.")]
    [InlineData("""{"data": [{"name": "x", "train": "animals-train.npz", "test": "animals-test.npz", "targets": []}]}""", "line 1: there is no key \"targets\" in data[0]; the keys are name, train, test, text, iterations.")]
    [InlineData("{\"data\": [A,\nA]}", "line 2: data has animals twice; leave one.")]
    [InlineData("""{"data": [A, {"name": "Animals", "train": "animals-train.npz", "test": "animals-test.npz"}]}""", "line 1: data has Animals twice; leave one.")]
    [InlineData("""{"data": [{"name": "Average", "train": "animals-train.npz", "test": "animals-test.npz"}]}""", "line 1: \"Average\" cannot name a dataset; take letters, digits, -, _ and ., and another name than average and source.")]
    [InlineData("""{"data": [A], "root": 3}""", "line 1: root is 3; expected a text of one line.")]
    [InlineData("""{"data": []}""", "line 1: data is empty; give one value at least.")]
    [InlineData("""{"data": "A.npz"}""", "line 1: data is \"A.npz\"; expected a list in square brackets.")]
    [InlineData("""{"data": [3]}""", "line 1: data[0] is 3; expected an object.")]
    [InlineData("{\"data\": [A],\n\"shots\": [1, 0]}", "line 2: shots[1] is 0; expected an integer of at least 1.")]
    [InlineData("""{"data": [A], "shots": ["some"]}""", "line 1: shots[0] is \"some\"; expected a number, or \"all\".")]
    [InlineData("""{"data": [A], "shots": [2, 4, 2]}""", "line 1: shots has 2 twice; leave one.")]
    [InlineData("""{"data": [A], "shots": 4}""", "line 1: shots is 4; expected a list in square brackets.")]
    [InlineData("""{"data": [A], "seeds": [1.5]}""", "line 1: seeds[0] is 1.5; expected an integer.")]
    [InlineData("""{"data": [A], "seeds": [null]}""", "line 1: seeds[0] is null; expected an integer.")]
    [InlineData("""{"data": [A], "iterations": "100"}""", "line 1: iterations is \"100\"; expected an integer of at least 1.")]
    [InlineData("""{"data": [A], "output": ""}""", "line 1: output is \"\"; expected a text of one line.")]
    [InlineData("""{"data": [A], "output": "a\u0007"}""", "line 1: output is \"a\a\"; expected a text of one line.")]
    [InlineData("[]", "line 1: the file is a list; expected an object.")]
    [InlineData("{\n\"data\": [A],\n}", "line 3: this is not valid JSON; check commas, quotes and brackets there.")]
    [InlineData("{\"data\": [A]}\n{}", "line 2: this is not valid JSON; check commas, quotes and brackets there.")]
    [InlineData("", "line 1: this is not valid JSON; check commas, quotes and brackets there.")]
    public void Read_Mistake_NamesTheLineAndWhatIsExpected(string json, string problem)
    {
        var path = _data.Config(json.Replace("A]", $"{Animals}]", StringComparison.Ordinal).Replace("A,", $"{Animals},", StringComparison.Ordinal));
        Should.Throw<LfaDataException>(() => ProtocolFile.Read(path, FewShot)).Message.ShouldBe($"{path}: {problem}");
    }

    [Fact]
    public void Read_OutputThatIsAFile_IsNamed()
    {
        var path = _data.Config($$"""{"data": [{{Animals}}], "output": "animals-test.npz"}""");
        Should.Throw<LfaDataException>(() => ProtocolFile.Read(path, FewShot)).Message.ShouldBe($"{path}: line 1: {_data["animals-test.npz"]} is a file; name a folder for the results with the key \"output\".");
    }

    [Fact]
    public void Read_UnknownMethod_ListsTheMethods()
    {
        var path = _data.Config($$"""{"data": [{{Animals}}], "methods": ["magic"]}""");
        Should.Throw<LfaDataException>(() => ProtocolFile.Read(path, FewShot)).Message.ShouldStartWith($"{path}: line 1: methods[0] is \"magic\"; expected a method among zero-shot, nearest-mean, ");
    }

    [Theory]
    [InlineData("\"my-own\"")]
    [InlineData("{\"name\": \"my-own\"}")]
    public void Read_UnknownName_ListsTheKnownOnes(string entry)
    {
        var path = _data.Config($$"""{"data": [{{entry}}]}""");
        Should.Throw<LfaDataException>(() => ProtocolFile.Read(path, FewShot)).Message.ShouldStartWith($"{path}: line 1: my-own is no dataset that is known by name; give its files with \"train\" and \"test\", or a name among imagenet, caltech101, ");
    }

    [Fact]
    public void Read_KnownName_IsItsImages()
    {
        Directory.CreateDirectory(_data["model"]);
        var plan = ProtocolFile.Read(_data.Config("""{"data": ["pets", {"name": "caltech101", "iterations": 9}], "root": "sets", "model": "model"}"""), FewShot);
        (plan.HasImages, plan.Model).ShouldBe((true, _data["model"]));
        plan.Data.Select(data => (data.Name, plan.IterationsOf(data))).ShouldBe([("oxford-pets", 30), ("caltech101", 9)]);
        plan.Data[0].Train.ShouldBe(new DataFile("oxford-pets-train.npz of model", _data["trial/features/oxford-pets-train.npz"]) { Images = new DatasetImages(DatasetCatalog.Find("pets")!, DatasetSplit.Train, _data["sets"]) });
        plan.Data[0].Test.Images!.Split.ShouldBe(DatasetSplit.Test);
    }

    [Fact]
    public void Read_DomainOfImageNet_HasThePublishedTargets()
    {
        var domain = ProtocolCatalog.All.Single(one => one.Name == "domain");
        var plan = ProtocolFile.Read(_data.Config("""{"data": ["imagenet"], "root": "sets", "model": "owner/name"}"""), domain);
        plan.Data.Single().Targets.Select(target => target.Name).ShouldBe(["imagenet-v2", "imagenet-sketch", "imagenet-a", "imagenet-r"]);
        plan.Model.ShouldBe("owner/name");
        var path = _data.Config("""{"data": ["eurosat"], "root": "sets", "model": "owner/name"}""");
        Should.Throw<LfaDataException>(() => ProtocolFile.Read(path, domain)).Message.ShouldBe($"{path}: line 1: the targets of eurosat are missing; add the key \"targets\", a list of datasets.");
    }

    [Fact]
    public void Read_NoFile_SaysSo()
    {
        Should.Throw<FileNotFoundException>(() => ProtocolFile.Read(_data["none.json"], FewShot)).Message.ShouldBe($"{_data["none.json"]}: there is no such file.");
        Directory.CreateDirectory(_data["folder"]);
        Should.Throw<LfaDataException>(() => ProtocolFile.Read(_data["folder"], FewShot)).Message.ShouldStartWith($"{_data["folder"]} is a folder; ");
        var path = _data.Config("""{"data": [{"name": "x", "train": "folder", "test": "animals-test.npz"}]}""");
        Should.Throw<LfaDataException>(() => ProtocolFile.Read(path, FewShot)).Message.ShouldBe($"{path}: line 1: folder: there is no such file, but a folder; embed its images to a feature file first.");
    }

    [Fact]
    public void Read_ByteOrderMark_IsPassedOver() =>
        ProtocolFile.Read(_data.Config($$"""{{'\uFEFF'}}{"data": [{{Animals}}]}"""), FewShot).Data.Count.ShouldBe(1);
}
