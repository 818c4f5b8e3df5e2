using Lfa.Alignment;

namespace Lfa.Methods;

/// <summary>Defines a method that can bring images and class names of two spaces together.</summary>
public interface IProjectedMethod : IMethod
{
    /// <summary>Returns the method with a projection.</summary>
    /// <param name="projection">The projection; null to leave it to the task.</param>
    /// <returns>The method; null where it does not work with this projection.</returns>
    IMethod? WithProjection(SpaceProjection? projection);
}
