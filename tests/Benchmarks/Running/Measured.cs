using System.Diagnostics;

namespace MetaMessaging.Benchmarks.Running;

/// <param name="Latencies">In ticks of the stopwatch, sorted.</param>
internal sealed record Measured(int Count, int Refused, TimeSpan Took, TimeSpan ProcessorTime, long[] Latencies)
{
    public double PerSecond => Count / Took.TotalSeconds;

    /// <summary>The CPU time of the server for each one, which depends less on the load of the machine than the rate does.</summary>
    public double ProcessorMicroseconds => ProcessorTime.TotalMicroseconds / Count;

    public double Percentile(double share) => Latencies is []
        ? double.NaN
        : TimeSpan.FromSeconds((double)Latencies[(int)(share * (Latencies.Length - 1))] / Stopwatch.Frequency).TotalMilliseconds;
}
