using System.Globalization;

namespace Lfa.IO;

/// <summary>Parses the dictionary of a .npy header: exactly the keys "descr", "fortran_order" and "shape", in any order.</summary>
/// <remarks>It reads this one literal, not Python; what it does not expect is an error.</remarks>
internal ref struct NpyHeaderParser
{
    private const int MostDimensions = 32; // NumPy's limit before version 2

    private readonly ReadOnlySpan<char> _text;
    private readonly ByteSource _source;
    private int _position;

    private NpyHeaderParser(ReadOnlySpan<char> text, ByteSource source)
    {
        _text = text;
        _source = source;
    }

    public static (string Descr, bool FortranOrder, long[] Shape) Parse(ReadOnlySpan<char> text, ByteSource source)
    {
        var parser = new NpyHeaderParser(text, source);
        var fields = parser.ReadDictionary();
        parser.SkipSpace();
        return parser._position == text.Length ? fields : throw parser.Unexpected("nothing after the dictionary");
    }

    private (string, bool, long[]) ReadDictionary()
    {
        var (descr, order, shape) = ((string?)null, (bool?)null, (long[]?)null);
        Require('{');
        while (!TryTake('}'))
        {
            var key = ReadString();
            Require(':');
            if (key == "descr" && descr is null)
                descr = ReadDescr();
            else if (key == "fortran_order" && order is null)
                order = ReadBoolean();
            else if (key == "shape" && shape is null)
                shape = ReadTuple();
            else
                throw Unexpected("each of descr, fortran_order and shape once");
            if (!TryTake(',') && !IsNext('}'))
                throw Unexpected("a comma");
        }
        return descr is null || order is null || shape is null
            ? throw Unexpected("each of descr, fortran_order and shape once")
            : (descr, order.Value, shape);
    }

    private string ReadDescr()
    {
        if (IsNext('[') || IsNext('(') || IsNext('{'))
            throw _source.Bad("the array has several fields a row (a structured type); save each field as an array of its own.");
        return ReadString();
    }

    private string ReadString()
    {
        SkipSpace();
        if (_position == _text.Length || _text[_position] is not ('\'' or '"'))
            throw Unexpected("a quoted string");
        var rest = _text[(_position + 1)..];
        var length = rest.IndexOf(_text[_position]);
        if (length < 0)
            throw Unexpected("a closing quote");
        _position += length + 2;
        return rest[..length].ToString();
    }

    private bool ReadBoolean()
    {
        if (TryTake("True"))
            return true;
        return TryTake("False") ? false : throw Unexpected("True or False");
    }

    private long[] ReadTuple()
    {
        var extents = new List<long>();
        Require('(');
        while (!TryTake(')'))
        {
            if (extents.Count == MostDimensions)
                throw Unexpected(Invariant($"at most {MostDimensions} dimensions"));
            extents.Add(ReadExtent());
            if (!TryTake(',') && !IsNext(')'))
                throw Unexpected("a comma");
        }
        return [.. extents];
    }

    private long ReadExtent()
    {
        SkipSpace();
        var digits = _text[_position..];
        var end = digits.IndexOfAnyExceptInRange('0', '9');
        digits = end < 0 ? digits : digits[..end];
        if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var extent))
            throw Unexpected("an extent below 2^63");
        _position += digits.Length;
        TryTake('L'); // Python 2 wrote long integers so
        return extent;
    }

    private void Require(char expected)
    {
        if (!TryTake(expected))
            throw Unexpected($"\"{expected}\"");
    }

    private bool IsNext(char expected)
    {
        SkipSpace();
        return _position < _text.Length && _text[_position] == expected;
    }

    private bool TryTake(char expected) => IsNext(expected) && ++_position > 0;

    private bool TryTake(string expected)
    {
        SkipSpace();
        if (!_text[_position..].StartsWith(expected, StringComparison.Ordinal))
            return false;
        _position += expected.Length;
        return true;
    }

    private void SkipSpace()
    {
        while (_position < _text.Length && _text[_position] is (' ' or '\n' or '\t' or '\r'))
            _position++;
    }

    private readonly LfaDataException Unexpected(string expected) =>
        _source.Bad(Invariant($"the header is not valid at character {_position} (expected {expected}); the file is damaged, save it again."));
}
