using Lfa.Cli.Tests.Support;

namespace Lfa.Cli.Tests;

/// <summary>Every mistake in the arguments is one line that names the option and its value.</summary>
public sealed class BadOptionTests
{
    [Theory]
    [InlineData("unknown option '--foo'; see `lfa fit --help`.", "fit", "x.npz", "--foo", "3")]
    [InlineData("unknown option '--foo'; see `lfa fit --help`.", "fit", "--foo", "x.npz")]
    [InlineData("unknown option '--foo'; see `lfa --help`.", "--foo")]
    [InlineData("unknown command 'train'; see `lfa --help`.", "train", "x.npz")]
    [InlineData("one argument too many: 'z'; see `lfa fit --help`.", "fit", "x.npz", "z")]
    [InlineData("--beta 1.5: beta must be from 0 (orthogonal) to 1 (zero-shot); see `lfa fit --help`.", "fit", "x.npz", "--beta", "1.5")]
    [InlineData("--beta -0.1: beta must be from 0", "fit", "x.npz", "--beta", "-0.1")]
    [InlineData("--beta nan: beta must be from 0", "fit", "x.npz", "--beta", "nan")]
    [InlineData("--beta half: expected a number", "fit", "x.npz", "--beta", "half")]
    [InlineData("--iterations -1: Iterations must be 0 or more", "fit", "x.npz", "--iterations", "-1")]
    [InlineData("--iterations ten: expected an integer", "fit", "x.npz", "--iterations", "ten")]
    [InlineData("--iterations 1e3: expected an integer", "fit", "x.npz", "--iterations", "1e3")]
    [InlineData("--iterations 99999999999: expected an integer", "fit", "x.npz", "--iterations", "99999999999")]
    [InlineData("--method magic: there is no such method; there are zero-shot, nearest-mean, k-nn, ", "fit", "x.npz", "--method", "magic")]
    [InlineData("--loss hinge: expected one of arerank|contrastive|triplet|csls", "fit", "x.npz", "--loss", "hinge")]
    [InlineData("--knn 0: neighbors", "fit", "x.npz", "--knn", "0")]
    [InlineData("--scale 0: scale must be above 0", "fit", "x.npz", "--scale", "0")]
    [InlineData("--learning-rate 0: LearningRate must be above 0", "fit", "x.npz", "--learning-rate", "0")]
    [InlineData("--weight-decay -1: WeightDecay must be 0 or more", "fit", "x.npz", "--weight-decay", "-1")]
    [InlineData("--noise inf: expected a number", "fit", "x.npz", "--noise", "inf")]
    [InlineData("--noise Infinity: Noise must be 0 or more, and finite", "fit", "x.npz", "--noise", "Infinity")]
    [InlineData("--dropout 1: Dropout must be at least 0 and below 1", "fit", "x.npz", "--dropout", "1")]
    [InlineData("--batch 0: BatchFraction must be above 0 and at most 1", "fit", "x.npz", "--batch", "0")]
    [InlineData("--orthogonalize 1: Orthogonalization must be from 0 to 0.5", "fit", "x.npz", "--orthogonalize", "1")]
    [InlineData("--ridge -1: Ridge must be 0 or more", "fit", "x.npz", "--ridge", "-1")]
    [InlineData("--temperature 0: Temperature must be above 0, and finite, and so must its inverse; see `lfa fit --help`.", "fit", "x.npz", "--temperature", "0")]
    [InlineData("--threads -1: expected 0 or more; see `lfa fit --help`.", "fit", "x.npz", "--threads", "-1")]
    [InlineData("--explain tells what the automatic choice tried, and --method procrustes tries nothing; leave it out.", "fit", "x.npz", "--method", "procrustes", "--explain")]
    [InlineData("--projection: --method zero-shot does not take it; leave --projection out, or give a method that takes it, such as --method lfa.", "fit", "x.npz", "--method", "zero-shot", "--projection", "pca")]
    [InlineData("--projection: --method auto chooses by itself; leave --projection out", "fit", "x.npz", "--method", "auto", "--projection", "cca", "--components", "3")]
    [InlineData("--ridge: --method lfa does not take it; leave --ridge out, or give a method that takes it, such as --method least-squares.", "fit", "x.npz", "--method", "lfa", "--ridge", "1")]
    [InlineData("--seed x: expected an integer", "fit", "x.npz", "--seed", "x")]
    [InlineData("--middle-axis min: expected one of mean|maximum|crops", "fit", "x.npz", "--middle-axis", "min")]
    [InlineData("--top 0: expected 1 or more", "predict", "m", "x.npz", "--top", "0")]
    [InlineData("Required argument missing for option: '--seed'", "fit", "x.npz", "--seed")]
    [InlineData("Option '--seed' expects a single argument but 2 were provided", "fit", "x.npz", "--seed", "1", "--seed", "2")]
    [InlineData("Required argument 'TRAIN' missing", "fit")]
    [InlineData("Option '--output' is required", "export", "m")]
    [InlineData("unknown option '--foo'; see `lfa models pull --help`.", "models", "pull", "x", "--foo")]
    [InlineData("unknown command 'push'; see `lfa models --help`.", "models", "push")]
    [InlineData("Required argument 'MODEL' missing", "models", "pull")]
    public void Run_Mistake_IsNamedInOneLine(string expected, params string[] args) => Tool.Fail(args).ShouldStartWith("lfa: " + expected);

    [Fact]
    public void Run_AtSign_IsAFileName() => Tool.Fail("inspect", "@list").ShouldBe("lfa: @list: there is no such file.");
}
