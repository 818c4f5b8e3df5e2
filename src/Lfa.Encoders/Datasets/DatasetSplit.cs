namespace Lfa.Encoders.Datasets;

/// <summary>A part of a data set, as its publishers divide it.</summary>
public enum DatasetSplit
{
    /// <summary>Pictures to fit to.</summary>
    Train,

    /// <summary>Pictures to choose settings by.</summary>
    Validation,

    /// <summary>Pictures to measure on.</summary>
    Test,
}
