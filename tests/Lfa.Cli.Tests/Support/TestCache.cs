using System.Runtime.CompilerServices;

namespace Lfa.Cli.Tests.Support;

/// <summary>Keeps the tests out of the user's cache of features: a folder of the test process takes its place.</summary>
internal static class TestCache
{
    [ModuleInitializer]
    public static void Redirect()
    {
        var folder = Directory.CreateTempSubdirectory("lfa-tests-cache-");
        Environment.SetEnvironmentVariable("LFA_CACHE", folder.FullName);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Delete(recursive: true);
    }
}
