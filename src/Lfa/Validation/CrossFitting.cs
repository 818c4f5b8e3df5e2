using Lfa.Data;
using Lfa.Numerics;

namespace Lfa.Validation;

/// <summary>
/// Fits to all folds of a task but one and judges by that one, for each in turn: whatever is chosen by held-out data is
/// chosen through here.
/// </summary>
internal static class CrossFitting
{
    /// <summary>Runs the folds.</summary>
    /// <param name="task">The whole task.</param>
    /// <param name="folds">The folds.</param>
    /// <param name="context">The seed of what is drawn, and the cancellation, checked before each fold.</param>
    /// <param name="judge">Fits to the training side of a fold and returns what the held-out side says.</param>
    /// <param name="sideBySide">How many folds run at a time, each on a thread of its own. Default: 1, which may use all threads itself.</param>
    /// <param name="mostHeld">How many images of a fold judge at most. Default: all.</param>
    /// <param name="done">Receives the number of folds that are done with each group. Default: none.</param>
    public static TResult[] Run<TResult>(FeatureSet task, SelectionFolds folds, FitContext context, Func<FoldTask, TResult> judge, int sideBySide = 1, int mostHeld = int.MaxValue, Action<int>? done = null)
    {
        var results = new TResult[folds.All.Count];
        foreach (var group in Enumerable.Range(0, results.Length).Chunk(sideBySide))
        {
            Action<int> run = i =>
            {
                context.CancellationToken.ThrowIfCancellationRequested();
                results[group[i]] = judge(new FoldTask(task, folds.All[group[i]], folds.HoldsOutClasses, mostHeld, context.Seed));
            };
            // Alone in its loop a fold may use all threads itself.
            ParallelLoop.For(group.Length, group.Length, run, static (run, i) => run(i));
            done?.Invoke(group.Length);
        }
        return results;
    }
}
