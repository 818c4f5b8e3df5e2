using System.Globalization;
using System.Numerics.Tensors;
using Lfa.Alignment;
using Lfa.Data;
using Lfa.IO;

namespace Lfa.Model;

/// <summary>The tensors and the metadata of a model file, in the words of its parts: what is missing or damaged is told by its name.</summary>
/// <param name="name">The path of the file, or what stands for it in messages.</param>
/// <param name="tensors">The tensors.</param>
/// <param name="metadata">The metadata.</param>
internal sealed class ModelParts(string name, Dictionary<string, SafetensorsTensor> tensors, Dictionary<string, string> metadata)
{
    /// <summary>Makes parts to be written.</summary>
    public ModelParts()
        : this("", [], [])
    {
    }

    /// <summary>Gets the tensors.</summary>
    public IReadOnlyDictionary<string, SafetensorsTensor> Tensors => tensors;

    /// <summary>Gets the metadata.</summary>
    public IReadOnlyDictionary<string, string> Metadata => metadata;

    /// <summary>Makes the parts of a file that was read.</summary>
    public static ModelParts Of(string name, SafetensorsFile file) => new(name, new(file.Tensors), new(file.Metadata));

    public void Add(string key, Matrix matrix) => tensors[key] = SafetensorsTensor.From(matrix);

    public void Add(string key, ReadOnlySpan<float> vector) => tensors[key] = SafetensorsTensor.From(vector, vector.Length);

    public void Add(string key, SafetensorsTensor tensor) => tensors[key] = tensor;

    public void Add(string key, double value) => metadata[key] = value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>Adds a text; null adds nothing.</summary>
    public void Add(string key, string? text)
    {
        if (text is not null)
            metadata[key] = text;
    }

    public bool Has(string tensor) => tensors.ContainsKey(tensor);

    public string? Text(string key) => metadata.GetValueOrDefault(key);

    /// <summary>Reads a number; null where there is none.</summary>
    public double? Number(string key) => Text(key) is not { } text ? null
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : throw Wrong(key, "a number");

    /// <summary>Reads a number that must be there.</summary>
    public double RequireNumber(string key) => Number(key) ?? throw Bad($"the metadata have no {key}; the classifier is damaged, fit it again.");

    /// <summary>Reads an integer; null where there is none.</summary>
    public int? Integer(string key) => Text(key) is not { } text ? null
        : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : throw Wrong(key, "an integer");

    /// <summary>Reads an integer that must be there.</summary>
    public int RequireInteger(string key) => Integer(key) ?? throw Bad($"the metadata have no {key}; the classifier is damaged, fit it again.");

    /// <summary>Reads a matrix of finite numbers.</summary>
    public Matrix Matrix(string key)
    {
        var tensor = Find(key);
        if (tensor.Type != "F32" || tensor.Shape.Count != 2 || tensor.Shape[0] < 1 || tensor.Shape[1] < 1)
            throw Bad($"the tensor {key} is {tensor.Type} of shape {ArrayShape.Describe(tensor.Shape)}; expected F32 of two dimensions.");
        return new Matrix(Finite(key, tensor), (int)tensor.Shape[0], (int)tensor.Shape[1]);
    }

    /// <summary>Reads a vector of finite numbers.</summary>
    public float[] Vector(string key)
    {
        var tensor = Find(key);
        if (tensor.Type != "F32" || tensor.Shape.Count != 1 || tensor.Shape[0] < 1)
            throw Bad($"the tensor {key} is {tensor.Type} of shape {ArrayShape.Describe(tensor.Shape)}; expected F32 of one dimension.");
        return Finite(key, tensor);
    }

    /// <summary>Reads a vector that may be missing: then it is empty.</summary>
    public float[] OptionalVector(string key) => Has(key) ? Vector(key) : [];

    /// <summary>Reads integers of a shape.</summary>
    public int[] Integers(string key, params long[] shape) => Find(key, "I32", shape).ToInt32();

    /// <summary>Reads numbers in double precision of a shape.</summary>
    public double[] Doubles(string key, params long[] shape)
    {
        var values = Find(key, "F64", shape).ToDouble();
        return TensorPrimitives.IsFiniteAll<double>(values) ? values : throw NotFinite(key);
    }

    public Transform Transform(string key) => new(Matrix(key));

    public Transform? OptionalTransform(string key) => Has(key) ? Transform(key) : null;

    /// <summary>Makes the exception for a damaged file: one line that names it.</summary>
    public LfaDataException Bad(string problem, Exception? inner = null) => new(OneLine.Of(name.Length == 0 ? problem : $"{name}: {problem}"), inner) { Subject = name };

    /// <summary>Makes the exception for a damaged entry of the metadata.</summary>
    public LfaDataException Wrong(string key, string expected, Exception? inner = null) => Bad($"the metadata entry {key} is not {expected}; the classifier is damaged, fit it again.", inner);

    private SafetensorsTensor Find(string key, string type, long[] shape)
    {
        var tensor = Find(key);
        return tensor.Type == type && tensor.Shape.SequenceEqual(shape) ? tensor
            : throw Bad($"the tensor {key} is {tensor.Type} of shape {ArrayShape.Describe(tensor.Shape)}; expected {type} of shape {ArrayShape.Describe(shape)}.");
    }

    private SafetensorsTensor Find(string key) => tensors.GetValueOrDefault(key) ?? throw Bad($"there is no tensor {key}; the classifier is incomplete, fit it again.");

    private float[] Finite(string key, SafetensorsTensor tensor)
    {
        var values = tensor.ToSingle();
        return TensorPrimitives.IsFiniteAll<float>(values) ? values : throw NotFinite(key);
    }

    private LfaDataException NotFinite(string key) => Bad($"the tensor {key} holds a NaN or an infinity; the classifier is damaged, fit it again.");
}
