using System.Globalization;
using System.Text.Json;

namespace Lfa.Protocols.Configuration;

/// <summary>Represents a value of a JSON file that knows its line, so that what is wrong with it can be told in one.</summary>
internal sealed class ConfigValue
{
    private readonly string _path;
    private readonly int _line;
    private readonly string _key;
    private readonly string _name;
    private readonly JsonTokenType _kind;
    private readonly string _text;
    private readonly IReadOnlyList<ConfigValue> _children;

    /// <summary>Initializes a value.</summary>
    /// <param name="path">The file.</param>
    /// <param name="line">The line it begins on, from 1.</param>
    /// <param name="key">The key it stands under in its object; empty where it has none.</param>
    /// <param name="name">What it is called in messages, such as "data[0].train".</param>
    /// <param name="kind">Its first token.</param>
    /// <param name="text">The text of a string, or the characters of a number or word.</param>
    /// <param name="children">The values of an object or an array.</param>
    public ConfigValue(string path, int line, string key, string name, JsonTokenType kind, string text, IReadOnlyList<ConfigValue> children) =>
        (_path, _line, _key, _name, _kind, _text, _children) = (path, line, key, name, kind, text, children);

    /// <summary>Gets whether this is a text.</summary>
    public bool IsText => _kind == JsonTokenType.String;

    /// <summary>Gets whether this is an object.</summary>
    public bool IsObject => _kind == JsonTokenType.StartObject;

    /// <summary>Throws for a key of the object that is not among those known, or that stands there twice.</summary>
    public void RequireKeys(params string[] known)
    {
        if (!IsObject)
            throw Expected("an object");
        for (var i = 0; i < _children.Count; i++)
        {
            var child = _children[i];
            if (!known.Contains(child._key))
                throw child.Bad($"there is no key \"{child._key}\"{(_name.Length == 0 ? "" : $" in {_name}")}; the keys are {string.Join(", ", known)}.");
            if (_children.Take(i).Any(other => other._key == child._key))
                throw child.Bad($"{child._name} is there twice; leave one.");
        }
    }

    /// <summary>Returns the value of a key, or null where the object has none.</summary>
    public ConfigValue? Find(string key) => _children.FirstOrDefault(child => child._key == key);

    /// <summary>Returns the value of a key that must be there.</summary>
    public ConfigValue Get(string key) => Find(key) ?? throw Bad($"the key \"{key}\" is missing{(_name.Length == 0 ? "" : $" in {_name}")}; add it.");

    /// <summary>Returns the text, which is one line and not empty.</summary>
    public string Text() => IsText && _text.Length > 0 && !_text.Any(char.IsControl) ? _text : throw Expected("a text of one line");

    /// <summary>Makes something of the text; what it finds wrong with it is told with the line.</summary>
    public T Check<T>(Func<string, T> make)
    {
        try
        {
            return make(Text());
        }
        catch (LfaDataException e) when (e.Subject is null)
        {
            throw Bad(e.Message);
        }
    }

    /// <summary>Returns the integer, which is not below the least one.</summary>
    public int Integer(int least = int.MinValue) =>
        _kind == JsonTokenType.Number && int.TryParse(_text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= least
            ? value
            : throw Expected(least == int.MinValue ? "an integer" : Invariant($"an integer of at least {least}"));

    /// <summary>Returns the values of an array: at least one, and none twice.</summary>
    /// <param name="read">Reads one of them.</param>
    public IReadOnlyList<T> List<T>(Func<ConfigValue, T> read) => List(read, value => value, EqualityComparer<T>.Default);

    /// <inheritdoc cref="List{T}(Func{ConfigValue, T})"/>
    /// <param name="read">Reads one of them.</param>
    /// <param name="identity">Returns what none may have in common with another.</param>
    /// <param name="comparer">Tells what is the same.</param>
    public IReadOnlyList<T> List<T, TIdentity>(Func<ConfigValue, T> read, Func<T, TIdentity> identity, IEqualityComparer<TIdentity> comparer)
    {
        if (_kind != JsonTokenType.StartArray)
            throw Expected("a list in square brackets");
        if (_children.Count == 0)
            throw Bad($"{_name} is empty; give one value at least.");
        var values = new List<T>();
        foreach (var child in _children)
        {
            var value = read(child);
            if (values.Select(identity).Contains(identity(value), comparer))
                throw child.Bad($"{_name} has {identity(value)} twice; leave one.");
            values.Add(value);
        }
        return values;
    }

    /// <summary>Makes the exception for a value of another kind or out of range.</summary>
    public LfaDataException Expected(string what) => Bad($"{(_name.Length == 0 ? "the file" : _name)} is {Shown()}; expected {what}.");

    /// <summary>Makes the exception for what is wrong here: one line with the file and the line.</summary>
    public LfaDataException Bad(string problem) => new(Invariant($"{_path}: line {_line}: {problem}")) { Subject = _path };

    private string Shown() => _kind switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "a list",
        JsonTokenType.String => $"\"{_text}\"",
        _ => _text,
    };
}
