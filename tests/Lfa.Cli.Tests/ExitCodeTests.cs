using Lfa.Cli.Tests.Support;

namespace Lfa.Cli.Tests;

/// <summary>What a user can put right exits with 2, a defect of the tool with 70; each says so in one line.</summary>
public sealed class ExitCodeTests : IDisposable
{
    private readonly SmallTask _task = new();

    public static TheoryData<Exception> Defects =>
    [
        new InvalidOperationException("The queue\nis empty."),
        new ArgumentException("The option is wrong.", "option"),
        new ArgumentOutOfRangeException("option", 3, "The option is too large."),
        new ArithmeticException("A sum is not finite."),
        new DivideByZeroException(),
        new NotSupportedException("There is no such thing."),
    ];

    public static TheoryData<Exception, string> Faults => new()
    {
        { new LfaDataException("The images are odd; even them out."), "train.npz: The images are odd; even them out." },
        { new LfaDataException("The images are\nodd."), "train.npz: The images are\\u000aodd." },
        { new IOException("The disk is full."), "lfa: The disk is full." },
        { new UnauthorizedAccessException("The file is not yours."), "lfa: The file is not yours." },
    };

    public void Dispose() => _task.Dispose();

    [Theory(DisableDiscoveryEnumeration = true)]
    [MemberData(nameof(Defects))]
    public void Fit_Defect_ExitsWith70AndWritesNothing(Exception defect)
    {
        var result = FaultyMethod.Run(defect, Args);
        result.ExitCode.ShouldBe(70);
        result.Output.ShouldBeEmpty();
        var line = result.Error[..^Environment.NewLine.Length];
        line.ShouldStartWith($"lfa: internal error: {defect.GetType().Name}: ");
        line.ShouldEndWith("This is a defect of the tool; please report it.");
        line.ShouldNotContain('\n');
        _task.Files.ShouldBe(["test.npz", "train.npz"]);
    }

    [Theory(DisableDiscoveryEnumeration = true)]
    [MemberData(nameof(Faults))]
    public void Fit_Fault_ExitsWith2AndWritesNothing(Exception fault, string expected)
    {
        FaultyMethod.Run(fault, Args).ShouldBeBadInput().ShouldEndWith(expected);
        _task.Files.ShouldBe(["test.npz", "train.npz"]);
    }

    [Fact]
    public void Fit_WithoutAFault_Works() => FaultyMethod.Run(null!, Args).ExitCode.ShouldBe(0);

    [Fact]
    public void Compare_Defect_ExitsWith70()
    {
        var result = FaultyMethod.Run(new InvalidOperationException("The queue is empty."), "compare", _task.TrainPath, _task.TestPath, "--methods", "zero-shot,faulty");
        (result.ExitCode, result.Output).ShouldBe((70, ""));
        result.Error.ShouldBe($"lfa: internal error: InvalidOperationException: The queue is empty. This is a defect of the tool; please report it.{Environment.NewLine}");
    }

    [Theory(DisableDiscoveryEnumeration = true)]
    [MemberData(nameof(Defects))]
    public void Protocol_Defect_ExitsWith70(Exception defect)
    {
        File.WriteAllText(_task["few.json"], """{ "data": [{ "name": "small", "train": "train.npz", "test": "test.npz" }], "shots": ["all"], "seeds": [1], "methods": ["faulty"] }""");
        var result = FaultyMethod.Run(defect, "protocol", "few-shot", _task["few.json"]);
        result.ExitCode.ShouldBe(70);
        result.Error.ShouldContain($"internal error: {defect.GetType().Name}: ");
    }

    [Fact]
    public void Compare_Fault_IsARefusalOfItsMethod()
    {
        var result = FaultyMethod.Run(new LfaDataException("The images are odd."), "compare", _task.TrainPath, _task.TestPath, "--methods", "zero-shot,faulty");
        (result.ExitCode, result.Error).ShouldBe((0, ""));
        result.Output.ShouldContain("The images are odd.");
    }

    private string[] Args => ["fit", _task.TrainPath, "--method", "faulty", "-o", _task["m.safetensors"]];
}
