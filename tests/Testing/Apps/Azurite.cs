using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace MetaMessaging.Testing;

/// <summary>Azure Blob storage on this machine: Microsoft's emulator, which keeps everything in memory. It can be stopped and started
/// again at the same address, empty.</summary>
[Requires(Requirement.Node)]
public sealed class Azurite : IAsyncLifetime
{
    /// <summary>The emulator's own, which everybody knows.</summary>
    private const string Account =
        "AccountName=devstoreaccount1;AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    /// <summary>Running ones, so that none outlives the tests.</summary>
    private static readonly ConcurrentDictionary<Process, byte> Running = [];

    private readonly int port = FreePort();
    private Process? process;

    static Azurite() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        foreach (var running in Running.Keys) running.Kill();
    };

    public string ConnectionString => $"DefaultEndpointsProtocol=http;{Account};BlobEndpoint=http://127.0.0.1:{port}/devstoreaccount1;";

    public async ValueTask InitializeAsync()
    {
        await NpmFolder.Shared.EnsureInstalledAsync();
        await StartAsync();
    }

    public async Task StartAsync()
    {
        process = Process.Start(new ProcessStartInfo("node", [
            NpmFolder.Shared.FileOf("azurite", "dist", "src", "blob", "main.js"), "--blobHost", "127.0.0.1", "--blobPort", $"{port}",
            "--inMemoryPersistence", "--skipApiVersionCheck", "--disableTelemetry", "--silent",
        ])
        {
            RedirectStandardOutput = true,
        })!;
        Running.TryAdd(process, 0);
        var lines = new List<string>();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            lines.Add(line);
            if (line.Contains("successfully listens", StringComparison.Ordinal)) return;
        }

        throw new InvalidOperationException($"Azurite has not started: {string.Join('\n', lines)}");
    }

    public async Task StopAsync()
    {
        process!.Kill();
        await process.WaitForExitAsync();
        Running.TryRemove(process, out _);
        process.Dispose();
        process = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (process is not null) await StopAsync();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
