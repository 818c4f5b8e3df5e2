namespace Lfa.Encoders.Models;

/// <summary>What runs the graphs.</summary>
public enum ExecutionProvider
{
    /// <summary>The processor, which every installation has.</summary>
    Cpu,

    /// <summary>A GPU of NVIDIA; needs the package Microsoft.ML.OnnxRuntime.Gpu in place of Microsoft.ML.OnnxRuntime.</summary>
    Cuda,

    /// <summary>A GPU under Windows; needs the package Microsoft.ML.OnnxRuntime.DirectML in place of Microsoft.ML.OnnxRuntime.</summary>
    DirectML,
}
