using MetaMessaging.MetaSimulator.Phone;

namespace MetaMessaging.MetaSimulator.State;

/// <summary>Holds the current platform; a reset replaces it.</summary>
internal sealed class PlatformHolder(SimulatorOptions options, LiveFeed live, HttpClients http) : IDisposable
{
    private volatile Platform? _platform;
    private Uri? _baseAddress;

    public Platform Platform => _platform ?? throw new InvalidOperationException("The simulator has not started yet.");

    public void Begin(Uri baseAddress)
    {
        _baseAddress = baseAddress;
        _platform = new Platform(options, baseAddress, live, http);
    }

    public void Reset()
    {
        var old = _platform;
        _platform = new Platform(options, _baseAddress!, live, http);
        old?.Dispose();
        live.Publish("reset");
    }

    public void Dispose() => _platform?.Dispose();
}
