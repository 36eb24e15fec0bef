using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using MetaMessaging.Testing;

namespace MetaMessaging.Benchmarks.Running;

/// <summary>A measured program, in a process of its own and on a free port.</summary>
internal sealed class ServerProcess : IDisposable
{
    /// <summary>Keeps every web application from watching its folder, which contains the database that is being written.</summary>
    public const string NoFileWatching = "--hostBuilder:reloadConfigOnChange=false";

    private readonly Process process;
    private readonly StringWriter output = new();

    private ServerProcess(string dll, string folder, IEnumerable<string> arguments)
    {
        Address = new Uri($"http://127.0.0.1:{FindFreePort().ToString(CultureInfo.InvariantCulture)}");
        process = new Process
        {
            StartInfo = new ProcessStartInfo("dotnet", [dll, .. arguments, NoFileWatching, "--urls", Address.ToString()])
            {
                WorkingDirectory = folder,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        process.OutputDataReceived += WriteOutput;
        process.ErrorDataReceived += WriteOutput;
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>The app in its own output folder, in the same configuration. The copy beside the benchmarks cannot be started.</summary>
    public static string App { get; } = FindApp();

    public Uri Address { get; }

    /// <summary>The CPU time of the process, summed over all processors.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    /// <summary>The resident memory, in bytes.</summary>
    public long Memory
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64;
        }
    }

    /// <summary>The maximum of the resident memory, in bytes.</summary>
    public long PeakMemory
    {
        get
        {
            process.Refresh();
            return process.PeakWorkingSet64;
        }
    }

    public static async Task<ServerProcess> StartAsync(string dll, string folder, params string[] arguments)
    {
        var server = new ServerProcess(dll, folder, arguments);
        using var http = new HttpClient { BaseAddress = server.Address };
        for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < TimeSpan.FromMinutes(1); await Task.Delay(20))
        {
            if (server.process.HasExited) throw new InvalidOperationException($"{dll} has exited:\n{server.Output}");
            try
            {
                using var answer = await http.GetAsync("health/ready");
                if (answer.IsSuccessStatusCode) return server;
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }
        }

        server.Dispose();
        throw new TimeoutException($"{dll} is not ready after a minute:\n{server.Output}");
    }

    /// <summary>Kills the process without a shutdown: what it has acknowledged has to be on disk already.</summary>
    public void Kill()
    {
        process.Kill();
        process.WaitForExit();
    }

    public int Id => process.Id;

    /// <summary>Stops the process as an operator does.</summary>
    public async Task StopAsync()
    {
        await ProcessPause.SignalAsync(process.Id, "TERM");
        await process.WaitForExitAsync();
    }

    public void Dispose()
    {
        if (!process.HasExited) Kill();
        process.Dispose();
        output.Dispose();
    }

    private string Output
    {
        get { lock (output) return output.ToString(); }
    }

    private void WriteOutput(object sender, DataReceivedEventArgs line)
    {
        lock (output) output.WriteLine(line.Data);
    }

    private static string FindApp()
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory);   // {repository}/tests/Benchmarks/bin/{configuration}/{framework}
        return Path.GetFullPath(
            Path.Combine(own.FullName, "../../../../../src/WebUI/bin", own.Parent!.Name, own.Name, "MetaMessaging.WebUI.dll"));
    }

    public static int FindFreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
