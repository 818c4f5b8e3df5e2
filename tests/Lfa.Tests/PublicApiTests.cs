using Lfa.Tests.Support;

namespace Lfa.Tests;

public class PublicApiTests
{
    private const string Accept = "LFA_ACCEPT_API";

    [Fact]
    public void PublicApi_OfTheLibrary_IsTheListedOne()
    {
        Assert.SkipWhen(Repository.Root is null, "The tests run outside a working copy, which has the listing.");
        var path = Path.Combine(Repository.Root!, "docs", "api.txt");
        var actual = PublicApi.Describe(typeof(LfaTrainer).Assembly);
        if (Environment.GetEnvironmentVariable(Accept) == "1")
            File.WriteAllText(path, string.Join('\n', actual) + "\n");
        var listed = File.Exists(path) ? File.ReadAllLines(path) : [];
        string[] differences = [.. listed.Except(actual).Select(line => "- " + line), .. actual.Except(listed).Select(line => "+ " + line)];
        if (differences.Length > 0)
            Assert.Fail($"The public API differs from docs/api.txt:\n{string.Join('\n', differences)}\nRun this test with {Accept}=1 to rewrite the file if the change is meant.");
        listed.ShouldBe(actual); // No line twice, and in order.
    }
}
