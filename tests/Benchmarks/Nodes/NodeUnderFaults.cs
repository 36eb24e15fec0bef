using MetaMessaging.Benchmarks.Running;
using MetaMessaging.Testing;

namespace MetaMessaging.Benchmarks.Nodes;

/// <summary>A node that is killed, stopped, paused and started again.</summary>
internal sealed class NodeUnderFaults(int number, string folder, NodesDatabase database, string graphAddress) : IDisposable
{
    private ServerProcess? server;

    public int Number { get; } = number;

    /// <summary>Null while it does not serve.</summary>
    public Uri? Address { get; private set; }

    public async Task StartAsync()
    {
        server = await ServerProcess.StartAsync(ServerProcess.App, folder,
        [
            .. database.Settings.Select(s => $"--{s.Name}={s.Value}"),
            $"--contentRoot={Path.GetDirectoryName(ServerProcess.App)}", $"--Meta:GraphBaseUrl={graphAddress}",
        ]);
        Address = server.Address;
    }

    /// <summary>Stands still for a while; requests to it wait.</summary>
    public async Task PauseAsync(TimeSpan duration)
    {
        await database.PauseAsync(server!.Id);
        await Task.Delay(duration);
        await ProcessPause.EndAsync(server.Id);
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
        await server!.StopAsync();
        server.Dispose();
        await StartAsync();
    }

    public void Dispose() => server?.Dispose();
}
