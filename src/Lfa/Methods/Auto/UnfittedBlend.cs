namespace Lfa.Methods;

/// <summary>Names the blends of experts that need no fitting.</summary>
public enum UnfittedBlend
{
    /// <summary>What is tried of classes without an image.</summary>
    NewClasses,

    /// <summary>What tasks get of which most classes have one example, whose weights no held-out image tells.</summary>
    OneExample,

    /// <summary>What a few held-out images are taken to want: fitted weights start from there.</summary>
    FewExamples,
}
