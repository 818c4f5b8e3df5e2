namespace Lfa.Data;

/// <summary>The options of <see cref="MadeUpProblem.Create"/>; the defaults look like a dataset on which zero-shot CLIP is right two times in three.</summary>
public sealed record MadeUpProblemOptions
{
    /// <summary>Gets the number of classes C, at least 1. Default: 50.</summary>
    public int Classes
    {
        get;
        init => field = value >= 1 ? value : throw OutOfRange(nameof(Classes), value, "must be 1 or more");
    } = 50;

    /// <summary>Gets the number of components d of an embedding, at least 2. Default: 256.</summary>
    public int Dimension
    {
        get;
        init => field = value >= 2 ? value : throw OutOfRange(nameof(Dimension), value, "must be 2 or more");
    } = 256;

    /// <summary>Gets the number of training images of a class, at least 1. Default: 16.</summary>
    public int Shots
    {
        get;
        init => field = value >= 1 ? value : throw OutOfRange(nameof(Shots), value, "must be 1 or more");
    } = 16;

    /// <summary>Gets the number of test images of a class, at least 1. Default: 40.</summary>
    public int TestImages
    {
        get;
        init => field = value >= 1 ? value : throw OutOfRange(nameof(TestImages), value, "must be 1 or more");
    } = 40;

    /// <summary>Gets the number of groups of alike classes, at least 1. Default: 10.</summary>
    public int Groups
    {
        get;
        init => field = value >= 1 ? value : throw OutOfRange(nameof(Groups), value, "must be 1 or more");
    } = 10;

    /// <summary>Gets the part of a class's meaning that it shares with its group, from 0 to 1. Default: 0.5.</summary>
    public double GroupShare
    {
        get;
        init => field = Share(nameof(GroupShare), value);
    } = 0.5;

    /// <summary>Gets the cosine between the axes of the two cones, from 0 (a wide modality gap) to 1 (none). Default: 0.2.</summary>
    public double AxisCosine
    {
        get;
        init => field = Share(nameof(AxisCosine), value);
    } = 0.2;

    /// <summary>Gets the cosine of the prototypes to the axis of their cone, from 0 (no cone) to 1 (all alike). Default: 0.85.</summary>
    public double TextConcentration
    {
        get;
        init => field = Share(nameof(TextConcentration), value);
    } = 0.85;

    /// <summary>Gets the cosine of the image features to the axis of their cone, from 0 (no cone) to 1 (all alike). Default: 0.5.</summary>
    public double ImageConcentration
    {
        get;
        init => field = Share(nameof(ImageConcentration), value);
    } = 0.5;

    /// <summary>Gets the part of the components that the domain rotates, from 0 to 1. Default: 0.5.</summary>
    public double RotatedShare
    {
        get;
        init => field = Share(nameof(RotatedShare), value);
    } = 0.5;

    /// <summary>Gets the angle of the domain rotation, in radians. Default: 1.</summary>
    public double RotationAngle
    {
        get;
        init => field = double.IsFinite(value) ? value : throw OutOfRange(nameof(RotationAngle), value, "must be finite");
    } = 1;

    /// <summary>Gets the part of an image's squared deviation from the axis that is noise and not its class, from 0 to 1. Default: 0.93.</summary>
    public double NoiseShare
    {
        get;
        init => field = Share(nameof(NoiseShare), value);
    } = 0.93;

    /// <summary>Gets the exponent by which the variances of the noise fall from component to component, at least 0 (equal variances). Default: 0.6.</summary>
    public double NoiseDecay
    {
        get;
        init => field = value >= 0 && double.IsFinite(value) ? value : throw OutOfRange(nameof(NoiseDecay), value, "must be 0 or more, and finite");
    } = 0.6;

    private static double Share(string name, double value) => value is >= 0 and <= 1 ? value : throw OutOfRange(name, value, "must be from 0 to 1");

    private static ArgumentOutOfRangeException OutOfRange(string name, object value, string rule) => new(name, value, Invariant($"{name} {rule}."));
}
