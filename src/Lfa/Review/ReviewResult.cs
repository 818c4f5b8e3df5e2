namespace Lfa.Review;

/// <summary>What a review of labeled images found, and the model that it judged by.</summary>
/// <param name="Doubts">Every labeled image, the one whose label is least likely right first; none where there is one class only.</param>
/// <param name="Duplicates">The labeled images that are near an earlier one: conflicts first, then the nearest first.</param>
/// <param name="Overlaps">The unlabeled images that are near a labeled one, the nearest first.</param>
/// <param name="ToLabel">The unlabeled images to label next, the most useful first.</param>
/// <param name="GaussianWeight">The weight of the Gaussians beside zero-shot classification, chosen on held-out images; 0 for zero-shot alone.</param>
/// <param name="Temperature">The temperature of the blended logits, fitted on held-out images; relative to that of CLIP.</param>
public sealed record ReviewResult(IReadOnlyList<LabelDoubt> Doubts, IReadOnlyList<DuplicateImage> Duplicates,
    IReadOnlyList<Overlap> Overlaps, IReadOnlyList<LabelCandidate> ToLabel, double GaussianWeight, double Temperature);

/// <summary>How likely the label of one image is wrong, judged by a model that was not fitted to this image.</summary>
/// <param name="Row">The image, a row of the labeled features from 0.</param>
/// <param name="Label">The class that it is labeled with.</param>
/// <param name="Suggested">The other class that stands out most: of highest probability over the mean that its own images have of it.</param>
/// <param name="LabelProbability">The probability of the given class, from 0 to 1.</param>
/// <param name="SuggestedProbability">The probability of the suggested class, from 0 to 1.</param>
/// <param name="Score">How much more the suggested class stands out than the given one, the logarithm of a ratio: above 0 where the model disagrees.</param>
/// <param name="IsIssue">Whether the label counts as wrong: at twenty to one, or at 4 (C − 1) to one with fewer than six classes.</param>
public readonly record struct LabelDoubt(int Row, int Label, int Suggested, double LabelProbability, double SuggestedProbability, double Score, bool IsIssue);

/// <summary>A labeled image that is nearly the same as an earlier one.</summary>
/// <param name="Row">The image, a row of the labeled features from 0.</param>
/// <param name="Earlier">The nearest earlier row; the nearest of another class where one is near enough.</param>
/// <param name="Cosine">The cosine between the two.</param>
/// <param name="IsExact">Whether their features are equal to the bit.</param>
/// <param name="IsConflict">Whether they are labeled with different classes.</param>
public readonly record struct DuplicateImage(int Row, int Earlier, double Cosine, bool IsExact, bool IsConflict);

/// <summary>An unlabeled image that is nearly the same as a labeled one: a leak where the unlabeled images are to test with.</summary>
/// <param name="Row">The image, a row of the unlabeled features from 0.</param>
/// <param name="Labeled">The nearest labeled image, a row of the labeled features from 0.</param>
/// <param name="Cosine">The cosine between the two.</param>
/// <param name="IsExact">Whether their features are equal to the bit.</param>
public readonly record struct Overlap(int Row, int Labeled, double Cosine, bool IsExact);

/// <summary>An unlabeled image that is worth a label.</summary>
/// <param name="Row">The image, a row of the unlabeled features from 0.</param>
/// <param name="Class">The most probable class.</param>
/// <param name="Probability">The probability of that class, from 0 to 1.</param>
/// <param name="Uncertainty">One less the lead of the most probable class over the second, from 0 (certain) to 1; 1 where there is one class only.</param>
/// <param name="Distance">One less the cosine to the nearest labeled or already proposed image.</param>
/// <param name="Score">The uncertainty times the distance, by which the image was picked.</param>
public readonly record struct LabelCandidate(int Row, int Class, double Probability, double Uncertainty, double Distance, double Score);
