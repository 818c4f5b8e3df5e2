using System.Numerics.Tensors;
using Lfa.Data;
using Lfa.Numerics;

namespace Lfa.Refinement;

/// <summary>The images of one iteration: which ones, which crop, and what is added to their features.</summary>
internal sealed class Batch
{
    // Noise and dropout each take place in half of the iterations, those of a published run with the same seed: which ones
    // they are decides more of the outcome than any other draw, so that runs can be compared seed by seed.
    private const double PerturbationProbability = 0.5;
    private const int ChunkRows = 64;

    private readonly FeatureSet _task;
    private readonly RefinementOptions _options;
    private readonly MersenneTwister _switches;
    private readonly int[][]? _classMembers;
    private readonly int[] _rows;
    private readonly int[] _labels;
    private readonly float[] _features = [];
    private readonly int _seed;
    private readonly int _threads;
    private int _iteration;
    private int _crop;
    private bool _addsNoise;
    private bool _drops;

    public Batch(FeatureSet task, RefinementOptions options, int seed, int threads)
    {
        (_task, _options, _seed, _threads) = (task, options, seed, threads);
        _switches = new MersenneTwister(seed);
        var fraction = task.Crops.Count > 1 ? 1 : options.BatchFraction;
        var drawn = Math.Clamp(options.BatchRows ?? (int)(fraction * task.SampleCount), 1, task.SampleCount);
        Count = options.MixesPairs ? 2 * drawn : drawn;
        _rows = new int[drawn];
        _labels = new int[Count];
        if (options.MixesPairs)
            _classMembers = ClassMembers.Of(task.Labels.Span, task.ClassCount);
        if (Count != task.SampleCount || options.Noise > 0 || options.Dropout > 0 || options.MixesPairs)
            _features = GC.AllocateUninitializedArray<float>(checked(Count * task.Dimension));
    }

    /// <summary>Gets the number of rows.</summary>
    public int Count { get; }

    /// <summary>Gets the number of components of a row.</summary>
    public int Dimension => _task.Dimension;

    /// <summary>Gets the features of the rows, count × d; valid until the next draw.</summary>
    public ReadOnlyMemory<float> Features { get; private set; }

    /// <summary>Gets the labels of the rows.</summary>
    public ReadOnlySpan<int> Labels => _labels;

    /// <summary>Draws the batch of an iteration; iterations are drawn in their order, from 0.</summary>
    public void Draw(int iteration)
    {
        _iteration = iteration;
        _crop = new RandomStream(_seed, RandomPurpose.Crop, iteration).NextInteger(_task.Crops.Count);
        _addsNoise = _options.Noise > 0 && _switches.NextUnit() > PerturbationProbability;
        _drops = _options.Dropout > 0 && _switches.NextUnit() > PerturbationProbability;
        DrawRows();
        if (Count == _task.SampleCount && !_addsNoise && !_drops && _classMembers is null)
        {
            Features = _task.Crops[_crop].Values;
            return;
        }
        ParallelLoop.For((Count + ChunkRows - 1) / ChunkRows, _threads, this, static (batch, chunk) => batch.FillChunk(chunk));
        Features = _features;
    }

    /// <summary>Takes each row with the probability that fills the batch exactly, in rising order (selection sampling).</summary>
    private void DrawRows()
    {
        var random = new RandomStream(_seed, RandomPurpose.BatchRows, _iteration);
        var labels = _task.Labels.Span;
        var taken = 0;
        for (var row = 0; taken < _rows.Length; row++)
        {
            var (needed, left) = (_rows.Length - taken, labels.Length - row);
            if (needed < left && random.NextInteger(left) >= needed)
                continue;
            _rows[taken] = row;
            _labels[taken++] = labels[row];
        }
        _labels.AsSpan(0, taken).CopyTo(_labels.AsSpan(Count - taken));
    }

    private void FillChunk(int chunk)
    {
        for (var i = chunk * ChunkRows; i < Math.Min((chunk + 1) * ChunkRows, Count); i++)
            FillRow(i);
    }

    private void FillRow(int index)
    {
        var target = _features.AsSpan(index * _task.Dimension, _task.Dimension);
        var crop = _task.Crops[_crop];
        crop.Row(_rows[index % _rows.Length]).CopyTo(target);
        var random = new RandomStream(_seed, RandomPurpose.Perturbation, _iteration, index);
        if (index >= _rows.Length)
            Mix(target, crop, _classMembers![_labels[index]], ref random);
        if (_addsNoise)
            AddNoise(target, ref random);
        if (_drops)
            Drop(target, ref random);
    }

    private static void Mix(Span<float> row, Matrix features, int[] members, ref RandomStream random)
    {
        var partner = features.Row(members[random.NextInteger(members.Length)]);
        // The median of three uniform deviates has the Beta(2, 2) distribution.
        var (a, b, c) = (random.NextUnit(), random.NextUnit(), random.NextUnit());
        var weight = (float)Math.Max(Math.Min(a, b), Math.Min(Math.Max(a, b), c));
        TensorPrimitives.Lerp(partner, row, weight, row);
    }

    private void AddNoise(Span<float> row, ref RandomStream random)
    {
        for (var j = 0; j < row.Length; j++)
            row[j] += (float)(_options.Noise * random.NextNormal());
    }

    private void Drop(Span<float> row, ref RandomStream random)
    {
        var threshold = (uint)(_options.Dropout * uint.MaxValue);
        var scale = (float)(1 / (1 - _options.Dropout));
        for (var j = 0; j < row.Length; j += 2)
        {
            var bits = random.NextBits();
            row[j] *= (uint)bits < threshold ? 0 : scale;
            if (j + 1 < row.Length)
                row[j + 1] *= bits >> 32 < threshold ? 0 : scale;
        }
    }
}
