using System.Reflection;
using System.Runtime.Loader;

namespace Lfa.Tests.Support;

/// <summary>Loads the library and these tests once more, with registries of their own: what is registered there no other test sees.</summary>
internal sealed class OwnAssemblies() : AssemblyLoadContext(nameof(OwnAssemblies), isCollectible: true)
{
    private static readonly string[] Names = [typeof(Registry<>).Assembly.GetName().Name!, typeof(OwnAssemblies).Assembly.GetName().Name!];

    /// <summary>Runs a static method of these tests without parameters among the assemblies loaded anew.</summary>
    /// <param name="work">The method; it must not capture anything.</param>
    public static void Run(Action work)
    {
        var context = new OwnAssemblies();
        try
        {
            var method = work.Method;
            method.IsStatic.ShouldBeTrue("a method with a target belongs to the assemblies of its target");
            var own = context.LoadFromAssemblyName(method.DeclaringType!.Assembly.GetName()).GetType(method.DeclaringType.FullName!, throwOnError: true)!;
            own.ShouldNotBe(method.DeclaringType);
            own.GetMethod(method.Name, BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)!.Invoke(null, BindingFlags.DoNotWrapExceptions, null, null, null);
        }
        finally
        {
            context.Unload();
        }
    }

    protected override Assembly? Load(AssemblyName assemblyName) =>
        Names.Contains(assemblyName.Name) ? LoadFromAssemblyPath(Path.Combine(AppContext.BaseDirectory, assemblyName.Name + ".dll")) : null;
}
