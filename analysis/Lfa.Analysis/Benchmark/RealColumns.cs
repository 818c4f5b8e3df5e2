using Lfa.Data;

namespace Lfa.Analysis.Benchmark;

/// <summary>All real features at hand: a column for each training file, and for shots drawn from the largest one.</summary>
internal static class RealColumns
{
    private static readonly Dataset[] Datasets =
    [
        new("ImageNet", "imagenet_vitb32", [4]),
        new("Caltech101-59", "caltech101_59", [16, 4, 1], Drawn: [2]),
        new("UCF101-49", "ucf101_49", [16, 4, 2, 1], Drawn: [8]),
        new("DTD-47, translated names", "names_dtd_47", [16, 4, 1], Drawn: [8, 2]),
        new("HWU64, sentences", "text_hwu64", [16, 4, 1], Drawn: [8, 2], HasFileOfSeed: true),
        new("SNIPS-7, sentences", "text_snips7", [16, 4, 1], Drawn: [2], HasFileOfSeed: true),
        new("Flowers-102, MiniLM names", "minilm_oxford_flowers_102", [16, 4, 1], Drawn: [2]),
    ];

    public static IEnumerable<BenchmarkColumn> All => [.. Datasets.SelectMany(Columns), .. EmojiColumns()];

    private static IEnumerable<BenchmarkColumn> Columns(Dataset dataset) => dataset.Stored.Concat(dataset.Drawn ?? []).OrderDescending().Select(shots =>
        new BenchmarkColumn(Name(dataset.Name, shots), shots, seed => (dataset.ReadTrain(shots, seed), RealFeatures.Read($"{dataset.File}_test"))));

    private static IEnumerable<BenchmarkColumn> EmojiColumns()
    {
        foreach (var (from, to) in ((string, string)[])[(EmojiFeatures.Twemoji, EmojiFeatures.Fluent), (EmojiFeatures.Fluent, EmojiFeatures.Twemoji)])
        {
            foreach (var shots in (int[])[16, 4, 1])
                yield return new BenchmarkColumn(Name($"emoji, {from} to {to}", shots), shots, seed => (FewShot.Sample(EmojiFeatures.Of(from), shots, seed), EmojiFeatures.Of(to)));
        }
    }

    private static string Name(string data, int shots) => shots == 1 ? $"{data}, 1 shot" : $"{data}, {shots} shots";

    /// <summary>The files of a dataset.</summary>
    /// <param name="Name">The name of its columns.</param>
    /// <param name="File">What its file names begin with.</param>
    /// <param name="Stored">The shots of its training files, the most first.</param>
    /// <param name="Drawn">The shots that are drawn from the first of them by the seed.</param>
    /// <param name="HasFileOfSeed">Whether each seed has training files of its own.</param>
    private sealed record Dataset(string Name, string File, int[] Stored, int[]? Drawn = null, bool HasFileOfSeed = false)
    {
        public FeatureSet ReadTrain(int shots, int seed) => Stored.Contains(shots) ? ReadStored(shots, seed) : FewShot.Sample(ReadStored(Stored[0], seed), shots, seed);

        private FeatureSet ReadStored(int shots, int seed) => RealFeatures.Read($"{File}_train_{shots}shot{(HasFileOfSeed ? $"_s{seed}" : "")}");
    }
}
