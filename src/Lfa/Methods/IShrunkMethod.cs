using Lfa.Validation;

namespace Lfa.Methods;

/// <summary>Defines a method that shrinks a transform towards the identity.</summary>
public interface IShrunkMethod : IMethod
{
    /// <summary>Returns the method with another weight of the identity.</summary>
    /// <param name="beta">The weight β, from 0 to 1; null to choose it by cross-validation.</param>
    /// <param name="crossValidation">How it is chosen.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="beta"/> is out of range.</exception>
    IMethod WithBeta(double? beta, BetaCrossValidationOptions crossValidation);
}
