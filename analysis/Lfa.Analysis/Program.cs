using Lfa.Analysis;
using Lfa.Analysis.Benchmark;

(string Verb, string About, Action<string[]> Print)[] verbs =
[
    ("accuracy", "every stage of the method on real features, beside the published implementation", _ => AccuracyTable.Print()),
    ("unseen-classes", "the orthogonal transform on classes that took no part in its fit", _ => UnseenClasses.Print()),
    ("base-to-new", "base and new classes by either transform, beside the published settings", _ => BaseToNewTable.Print()),
    ("domain", "images of another domain by either transform; of two feature files too, if given", DomainTable.Print),
    ("new-classes", "what new classes get, on training files and made-up problems, by which it was developed", _ => NewClassTables.Print()),
    ("compare", "every method this library knows, or those named, on real features", PeerTable.Print),
    ("benchmark", "the automatic choice against every inductive method on all real features; takes names of methods, --columns TEXT, --save FILE, --reuse FILE, --large", BenchmarkRun.Print),
    ("training-files", "the automatic choice on parts of the training files, by which it was developed", _ => TrainingFilesOnly.Print()),
    ("guard", "the automatic choice on made-up problems, some of which no adaptation can help", _ => GuardTable.Print()),
    ("wrong-labels", "methods on real features with a tenth of the training labels wrong", _ => WrongLabels.Print()),
    ("confidence", "calibration, prediction sets and rejection of unknown classes, learned from the shots alone", _ => ConfidenceTable.Print()),
    ("familiarity", "the scores by which unknown images might be told, on training features", _ => FamiliarityTable.Print()),
    ("update", "classifiers updated without their first images, beside fits to all images", _ => UpdateTable.Print()),
    ("prompts", "prototypes learned as prompt tuning does, beside LFA and their approximation by one transform", _ => PromptTable.Print()),
    ("prompt-weights", "made-up prompts weighed by the images of training files, by which the weights were developed", _ => PromptWeightTable.Print()),
    ("unsupervised", "fits without labels on real features, beside the published implementation", _ => UnsupervisedTable.Print()),
    ("unsupervised-guard", "fits without labels on parts of training files and made-up problems, by which they were developed", _ => UnsupervisedGuardTable.Print()),
    ("cross-encoder", "projections between CLIP features of images and word vectors of class names", _ => CrossEncoder.Print()),
    ("together", "batches classified together, of all or few of the classes, beside each image alone", _ => TogetherTable.Print()),
    ("review", "planted wrong labels, duplicates, and what proposed labels are worth, on training images", _ => ReviewTables.Print()),
];

if (args.Length > 0 && verbs.FirstOrDefault(verb => verb.Verb == args[0]) is { Print: { } print })
{
    print(args[1..]);
    return 0;
}
Console.Error.WriteLine("Usage: VERB, one of");
foreach (var (verb, about, _) in verbs)
    Console.Error.WriteLine($"  {verb,-18} {about}");
return 2;
