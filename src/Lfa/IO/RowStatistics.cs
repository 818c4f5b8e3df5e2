namespace Lfa.IO;

/// <summary>Represents the lengths of an array's rows: the vectors along its last axis.</summary>
/// <param name="Count">The number of rows.</param>
/// <param name="MinNorm">The smallest Euclidean length of a finite row, 0 where there is none.</param>
/// <param name="MeanNorm">The mean length of the finite rows, 0 where there is none.</param>
/// <param name="MaxNorm">The largest length of a finite row, 0 where there is none.</param>
/// <param name="NonFiniteRows">The number of rows with a NaN or an infinity.</param>
/// <param name="ZeroRows">The number of rows that are zero.</param>
/// <param name="OtherLengthRows">The number of finite rows that are neither zero nor, within 0.001, of unit length.</param>
public sealed record RowStatistics(long Count, double MinNorm, double MeanNorm, double MaxNorm, long NonFiniteRows, long ZeroRows, long OtherLengthRows);
