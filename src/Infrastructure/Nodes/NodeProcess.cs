using System.ComponentModel;
using System.Diagnostics;

namespace MetaMessaging.Infrastructure.Nodes;

/// <param name="Host">The machine or container.</param>
/// <param name="Space">In which the process id is unique: a start of the operating system, and on Linux the container.</param>
internal sealed record NodeProcess(string Host, string Space, int Id)
{
    public static readonly NodeProcess Current = new(Environment.MachineName, CurrentSpace(), Environment.ProcessId);

    /// <summary>Whether it is known to have ended. Of a process elsewhere nothing is known.</summary>
    public bool HasEnded()
    {
        if (Space != Current.Space || Id == Current.Id) return false;
        try
        {
            using var process = Process.GetProcessById(Id);
            return process.HasExited;
        }
        catch (ArgumentException)
        {
            return true;
        }
        catch (Exception exception) when (exception is Win32Exception or InvalidOperationException)
        {
            return false;   // of another user: its row tells when it has ended
        }
    }

    private static string CurrentSpace()
    {
        if (!OperatingSystem.IsLinux()) return Environment.MachineName;
        try
        {
            var start = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
            return $"{start} {new FileInfo("/proc/self/ns/pid").LinkTarget}";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Guid.NewGuid().ToString();   // a hardened container: another process is ended when its row is no longer written
        }
    }
}
