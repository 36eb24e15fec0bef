using System.Diagnostics;

namespace MetaMessaging.Benchmarks.Running;

/// <summary>What a measurement found. Latencies are sorted.</summary>
internal sealed record Measured(int Count, int Refused, TimeSpan Took, TimeSpan ProcessorTime, long[] Latencies)
{
    public double PerSecond => Count / Took.TotalSeconds;

    /// <summary>What one cost the server, whatever else the machine was doing.</summary>
    public double ProcessorMicroseconds => ProcessorTime.TotalMicroseconds / Count;

    public double Percentile(double share) => Latencies is []
        ? double.NaN
        : TimeSpan.FromSeconds((double)Latencies[(int)(share * (Latencies.Length - 1))] / Stopwatch.Frequency).TotalMilliseconds;
}
