using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace MetaMessaging.Benchmarks.Running;

/// <summary>A program under measurement, in a process of its own and on a free port.</summary>
internal sealed class ServerProcess : IDisposable
{
    /// <summary>For every web application here, this one's own too: it would watch its folder, and with it the database that another writes.</summary>
    public const string WatchNothing = "--hostBuilder:reloadConfigOnChange=false";

    private readonly Process process;
    private readonly StringWriter output = new();

    private ServerProcess(string dll, string folder, IEnumerable<string> arguments)
    {
        Address = new Uri($"http://127.0.0.1:{FreePort().ToString(CultureInfo.InvariantCulture)}");
        process = new Process
        {
            StartInfo = new ProcessStartInfo("dotnet", [dll, .. arguments, WatchNothing, "--urls", Address.ToString()])
            {
                WorkingDirectory = folder,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>The app as it was built beside the benchmarks, in the same configuration: its copy among them is a library.</summary>
    public static string App { get; } = FindApp();

    public Uri Address { get; }

    /// <summary>Of all its processors together.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    /// <summary>Resident bytes when there were most of them.</summary>
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
            if (server.process.HasExited) throw new InvalidOperationException($"{dll} ended by itself:\n{server.Output}");
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
        throw new TimeoutException($"{dll} does not get ready:\n{server.Output}");
    }

    /// <summary>As a power cut would end it: what it promised has to be on disk already.</summary>
    public void Kill()
    {
        process.Kill();
        process.WaitForExit();
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

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        lock (output) output.WriteLine(line.Data);
    }

    private static string FindApp()
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory);   // {repository}/tests/Benchmarks/bin/{configuration}/{framework}
        return Path.GetFullPath(Path.Combine(own.FullName, "../../../../../src/WebUI/bin", own.Parent!.Name, own.Name, "MetaMessaging.WebUI.dll"));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
