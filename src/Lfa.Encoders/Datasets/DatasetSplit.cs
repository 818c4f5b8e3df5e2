namespace Lfa.Encoders.Datasets;

/// <summary>A part of a dataset, as its publishers divide it.</summary>
public enum DatasetSplit
{
    /// <summary>Images to fit to.</summary>
    Train,

    /// <summary>Images to choose settings by.</summary>
    Validation,

    /// <summary>Images to measure on.</summary>
    Test,
}
