namespace Lfa.Numerics;

/// <summary>Generates the numbers by which the published implementation switches noise and dropout on: NumPy's of the same seed.</summary>
/// <remarks>M. Matsumoto, T. Nishimura, "Mersenne Twister", ACM TOMACS 8(1), 1998: MT19937 with 53-bit resolution.</remarks>
internal sealed class MersenneTwister
{
    private const int Size = 624;
    private const int Middle = 397;

    private readonly uint[] _state = new uint[Size];
    private int _next = Size;

    public MersenneTwister(int seed)
    {
        _state[0] = (uint)seed;
        for (var i = 1; i < Size; i++)
            _state[i] = (1812433253 * (_state[i - 1] ^ (_state[i - 1] >> 30))) + (uint)i;
    }

    /// <summary>Returns a number of [0, 1).</summary>
    public double NextUnit()
    {
        var (high, low) = (NextBits() >> 5, NextBits() >> 6);
        return ((high * (double)(1 << 26)) + low) / (1L << 53);
    }

    private uint NextBits()
    {
        if (_next == Size)
            Refill();
        var bits = _state[_next++];
        bits ^= bits >> 11;
        bits ^= (bits << 7) & 0x9D2C5680;
        bits ^= (bits << 15) & 0xEFC60000;
        return bits ^ (bits >> 18);
    }

    private void Refill()
    {
        for (var i = 0; i < Size; i++)
        {
            var mixed = (_state[i] & 0x80000000) | (_state[(i + 1) % Size] & 0x7FFFFFFF);
            _state[i] = _state[(i + Middle) % Size] ^ (mixed >> 1) ^ ((mixed & 1) * 0x9908B0DF);
        }
        _next = 0;
    }
}
