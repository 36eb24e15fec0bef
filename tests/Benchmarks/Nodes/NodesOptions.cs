using System.Globalization;

namespace MetaMessaging.Benchmarks.Nodes;

/// <param name="Sends">Messages queued at the start.</param>
/// <param name="Rate">Events a second; 0 for as fast as they are acknowledged.</param>
/// <param name="Latency">Milliseconds until Meta answers a send.</param>
/// <param name="Between">Seconds from one fault to the next; 0 for none.</param>
/// <param name="Pause">Seconds for which a paused node stands still.</param>
internal sealed record NodesOptions(
    int Nodes = 2, int Events = 100_000, int Sends = 10_000, int Rate = 300, int Latency = 2_000, int Between = 20, int Pause = 60,
    int Pages = 20, int Seed = 1)
{
    public static NodesOptions? Parse(string[] args)
    {
        var options = new NodesOptions();
        foreach (var pair in args.Chunk(2))
        {
            if (pair is not [var name, var text] || !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
                return null;
            switch (name)
            {
                case "--nodes" when value is > 0 and <= 16: options = options with { Nodes = value }; break;
                case "--events": options = options with { Events = value }; break;
                case "--sends": options = options with { Sends = value }; break;
                case "--rate": options = options with { Rate = value }; break;
                case "--latency": options = options with { Latency = value }; break;
                case "--seconds-between-faults": options = options with { Between = value }; break;
                case "--pause": options = options with { Pause = value }; break;
                case "--pages" when value > 0: options = options with { Pages = value }; break;
                case "--seed": options = options with { Seed = value }; break;
                default: return null;
            }
        }

        return options;
    }
}
