using Lfa.Data;

namespace Lfa.Analysis.Benchmark;

/// <summary>A column of the benchmark.</summary>
/// <param name="Name">What is fitted to and tested with.</param>
/// <param name="Shots">The number of training images a class; of classes that differ in it, the most.</param>
/// <param name="Draw">Returns the images to fit to and to test with, for a seed.</param>
/// <param name="IsMadeUp">Whether the features are made up.</param>
internal sealed record BenchmarkColumn(string Name, int Shots, Func<int, (FeatureSet Train, FeatureSet Test)> Draw, bool IsMadeUp = false);
