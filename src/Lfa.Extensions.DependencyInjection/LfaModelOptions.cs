namespace Lfa.Extensions.DependencyInjection;

/// <summary>Where a model is, and whether it is replaced when its file changes. The name of the options is the name of the model.</summary>
public sealed class LfaModelOptions
{
    /// <summary>Gets or sets the path of the model file, which <see cref="Model.LfaModel.Save(string)"/> or the command line writes. Default: none; it must be given.</summary>
    public string? Path { get; set; }

    /// <summary>Gets or sets whether <see cref="LfaModels"/> loads the file again when it changes. Default: no.</summary>
    public bool ReloadOnChange { get; set; }
}
