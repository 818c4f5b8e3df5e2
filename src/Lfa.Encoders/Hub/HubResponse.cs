using Lfa.Encoders.Http;

namespace Lfa.Encoders.Hub;

/// <summary>An answer of the hub whose body is read piece by piece; silence for too long ends it.</summary>
/// <param name="message">The answer, which this instance owns.</param>
/// <param name="silence">Measures the silence; this instance owns it.</param>
/// <param name="failures">Words what goes wrong.</param>
internal sealed class HubResponse(HttpResponseMessage message, Silence silence, HubFailures failures) : IDisposable
{
    private Stream? _body;

    public HttpResponseMessage Message => message;

    private Uri Address => message.RequestMessage!.RequestUri!;

    /// <summary>Reads the next bytes.</summary>
    /// <returns>Their number; 0 at the end.</returns>
    /// <exception cref="TransientFailure">The connection broke, or nothing came.</exception>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        silence.Start();
        try
        {
            _body ??= await message.Content.ReadAsStreamAsync(silence.Token).ConfigureAwait(false);
            var read = await _body.ReadAsync(buffer, silence.Token).ConfigureAwait(false);
            silence.Stop();
            return read;
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw failures.Silent(Address, e);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw failures.Broken(e, "a download");
        }
    }

    public void Dispose()
    {
        message.Dispose();
        silence.Dispose();
    }
}
