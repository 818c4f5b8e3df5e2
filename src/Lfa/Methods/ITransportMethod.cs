namespace Lfa.Methods;

/// <summary>Defines a method that gives images without labels to classes by transport.</summary>
public interface ITransportMethod : IMethod
{
    /// <summary>Gets how the images get labels.</summary>
    TransportOptions Transport { get; }

    /// <summary>Returns the method with another transport.</summary>
    /// <param name="transport">How the images get labels.</param>
    IMethod WithTransport(TransportOptions transport);
}
