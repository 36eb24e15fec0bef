using System.Diagnostics;
using System.Globalization;

namespace MetaMessaging.Testing;

/// <summary>
/// A time limit that ends tests that hang, and no others: time counts less while more threads want to run than there are cores,
/// so that 60 s on an idle machine are five minutes beside four builds.
/// </summary>
public sealed class Deadline(TimeSpan limit)
{
    /// <summary>A test that hangs ends after ten times its limit at the latest.</summary>
    private const double MaxSlowdown = 10;

    private static readonly TimeSpan SampleInterval = TimeSpan.FromSeconds(1);

    private static long sampledAt = long.MinValue;
    private static double lastSlowdown = 1;

    private long lastCheck = Stopwatch.GetTimestamp();
    private TimeSpan used;

    /// <summary>Threads that want to run, for each core: 1 to 10. Read from /proc/loadavg; 1 where the system has none.</summary>
    public static double Slowdown
    {
        get
        {
            if (sampledAt == long.MinValue || Stopwatch.GetElapsedTime(sampledAt) > SampleInterval)
            {
                lastSlowdown = MeasureSlowdown();
                sampledAt = Stopwatch.GetTimestamp();
            }

            return lastSlowdown;
        }
    }

    /// <summary>To be asked again and again: each call counts the time since the one before.</summary>
    public bool HasPassed()
    {
        used += Stopwatch.GetElapsedTime(lastCheck) / Slowdown;
        lastCheck = Stopwatch.GetTimestamp();
        return used > limit;
    }

    /// <summary>"1.30 2.03 1.47 3/95 8022": the average of the last minute, and the threads that run at this moment.</summary>
    private static double MeasureSlowdown()
    {
        if (!File.Exists("/proc/loadavg")) return 1;

        var fields = File.ReadAllText("/proc/loadavg").Split(' ');
        var average = double.Parse(fields[0], CultureInfo.InvariantCulture);
        var running = double.Parse(fields[3].Split('/')[0], CultureInfo.InvariantCulture);
        return Math.Clamp(Math.Max(average, running) / Environment.ProcessorCount, 1, MaxSlowdown);
    }
}
