using MetaMessaging.Benchmarks.Processing;
using MetaMessaging.Benchmarks.Running;

namespace MetaMessaging.Benchmarks.Nodes;

/// <summary>A node that is killed, stopped, paused and started again.</summary>
internal sealed class NodeUnderFaults(int number, string folder, string graphAddress) : IDisposable
{
    private ServerProcess? server;

    public int Number { get; } = number;

    /// <summary>Null while it does not serve.</summary>
    public Uri? Address { get; private set; }

    public async Task StartAsync()
    {
        server = await ServerProcess.StartAsync(ServerProcess.App, folder,
        [
            .. ProcessDatabase.Settings(folder).Select(s => $"--{s.Name}={s.Value}"),
            $"--contentRoot={Path.GetDirectoryName(ServerProcess.App)}", $"--Meta:GraphBaseUrl={graphAddress}",
        ]);
        Address = server.Address;
    }

    /// <summary>Stands still for a while, as on a machine that swaps; requests to it wait.</summary>
    public async Task PauseAsync(TimeSpan duration)
    {
        server!.Signal("STOP");
        await Task.Delay(duration);
        server.Signal("CONT");
    }

    public async Task KillAsync()
    {
        Address = null;
        server!.Dispose();
        await StartAsync();
    }

    public async Task StopAsync()
    {
        Address = null;
        server!.Signal("TERM");
        await server.WaitForExitAsync();
        server.Dispose();
        await StartAsync();
    }

    public void Dispose() => server?.Dispose();
}
