using Lfa.Methods;

namespace Lfa.Protocols.Kinds;

/// <summary>The methods of a kind of experiment, by the names they have there.</summary>
internal sealed class ProtocolMethods
{
    private readonly (string Name, IMethod Method)[] _all;

    public ProtocolMethods(params IEnumerable<IMethod> methods) => _all = [.. methods.Select(method => (method.Name, method))];

    public ProtocolMethods(params IEnumerable<(string Name, IMethod Method)> methods) => _all = [.. methods];

    /// <summary>The iterations of the refinement where none are published for a dataset.</summary>
    public static int DefaultIterations { get; } = new LfaMethod().Refinement.Iterations;

    /// <summary>Gets the names, in the order of the tables.</summary>
    public IReadOnlyList<string> Names => [.. _all.Select(one => one.Name)];

    /// <summary>Returns a method with the iterations of an experiment.</summary>
    public IMethod Get(string name, int iterations) =>
        _all.Single(one => one.Name == name).Method is var method && method is IIterativeMethod iterative ? iterative.WithIterations(iterations) : method;

    /// <summary>Returns the options of a method as text.</summary>
    public string DescribeOptions(string name, int iterations) => MethodRegistry.DescribeOptions(Get(name, iterations));
}
