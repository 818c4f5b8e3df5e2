namespace Lfa.Refinement;

/// <summary>A loss that can be made by its name.</summary>
/// <param name="Name">The name in files and on a command line.</param>
/// <param name="Parameters">Its parameters, with their defaults.</param>
/// <param name="Factory">Makes the loss of a value for each parameter.</param>
public sealed record LossDefinition(string Name, IReadOnlyList<LossParameter> Parameters, Func<LossValues, IAlignmentLoss> Factory) : INamed
{
    /// <summary>Makes the loss.</summary>
    /// <param name="values">The values of some parameters by their names; the others have their defaults. Default: none.</param>
    /// <exception cref="ArgumentException">There is no such parameter.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public IAlignmentLoss Create(IReadOnlyDictionary<string, double>? values = null)
    {
        if (values?.Keys.FirstOrDefault(name => Parameters.All(parameter => parameter.Name != name)) is { } unknown)
            throw new ArgumentException($"The loss {Name} has no parameter {unknown}.", nameof(values));
        return Factory(new LossValues(Parameters.ToDictionary(parameter => parameter.Name, parameter => values?.TryGetValue(parameter.Name, out var value) == true ? value : parameter.Default)));
    }
}

/// <summary>A parameter of a loss.</summary>
/// <param name="Name">The name in files, words joined by underscores.</param>
/// <param name="Default">The default; of a switch 0 or 1.</param>
public sealed record LossParameter(string Name, double Default);

/// <summary>The values of the parameters of a loss.</summary>
public sealed class LossValues
{
    private readonly IReadOnlyDictionary<string, double> _values;

    internal LossValues(IReadOnlyDictionary<string, double> values) => _values = values;

    /// <summary>Gets the value of a parameter.</summary>
    /// <param name="name">Its name.</param>
    public double this[string name] => _values[name];

    /// <summary>Gets the value of a parameter that counts something.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value is no whole number.</exception>
    public int Whole(string name) => _values[name] is var value && value == Math.Truncate(value) && Math.Abs(value) <= int.MaxValue
        ? (int)value
        : throw new ArgumentOutOfRangeException(name, value, $"{name} must be a whole number.");
}
