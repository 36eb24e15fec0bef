using System.Globalization;

namespace MetaMessaging.Benchmarks.Starting;

/// <param name="Idle">Seconds from ready until the resident memory is read.</param>
/// <param name="WarmUp">Seconds of full load before the warm rate is measured.</param>
/// <param name="Connections">How many deliveries are posted in parallel; 0 stands for 64 and then 256.</param>
internal sealed record StartOptions(int Starts = 6, int Idle = 15, int WarmUp = 24, int Connections = 0)
{
    public static StartOptions? Parse(string[] args)
    {
        var options = new StartOptions();
        foreach (var pair in args.Chunk(2))
        {
            if (pair is not [var name, var text] || !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
                return null;
            switch (name)
            {
                case "--starts" when value > 0: options = options with { Starts = value }; break;
                case "--idle": options = options with { Idle = value }; break;
                case "--connections" when value > 0: options = options with { Connections = value }; break;
                case "--warm-up" when value > 0: options = options with { WarmUp = value }; break;
                default: return null;
            }
        }

        return options;
    }
}
