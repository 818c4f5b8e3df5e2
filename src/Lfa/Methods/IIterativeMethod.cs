using Lfa.Refinement;

namespace Lfa.Methods;

/// <summary>Defines a method with a refinement, whose published number of iterations differs from dataset to dataset.</summary>
public interface IIterativeMethod : IMethod
{
    /// <summary>Returns the method with another number of iterations.</summary>
    /// <param name="iterations">The number of iterations T, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="iterations"/> is negative.</exception>
    IMethod WithIterations(int iterations);

    /// <summary>Returns the method with another refinement.</summary>
    /// <param name="refinement">The options of the refinement.</param>
    IMethod WithRefinement(RefinementOptions refinement);
}
