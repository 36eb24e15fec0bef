using MetaMessaging.Benchmarks.Processing;
using MetaMessaging.Benchmarks.Running;
using Microsoft.Data.Sqlite;

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

    /// <summary>Stands still for a while, as on a machine that swaps; requests to it wait. Not in the middle of a transaction: SQLite's
    /// lock belongs to the process, and nobody could write until it goes on.</summary>
    public async Task PauseAsync(TimeSpan duration)
    {
        server!.Signal("STOP");
        while (!CanOthersWrite())
        {
            server.Signal("CONT");
            await Task.Delay(TimeSpan.FromMilliseconds(10));
            server.Signal("STOP");
        }

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

    private bool CanOthersWrite()
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "app.db")};Pooling=False;Default Timeout=1");
        connection.Open();
        try
        {
            using var transaction = connection.BeginTransaction(deferred: false);
            return true;
        }
        catch (SqliteException)
        {
            return false;
        }
    }
}
