using System.Globalization;

namespace MetaMessaging.Benchmarks.Ingest;

internal sealed record IngestOptions(int Seconds = 5, int Deliveries = 10_000, int Rounds = 3, int Connections = 256)
{
    private const int MinDeliveries = 10_000;

    public static IngestOptions? Parse(string[] args)
    {
        var options = new IngestOptions();
        foreach (var pair in args.Chunk(2))
        {
            if (pair is not [var name, var text] || !int.TryParse(text, CultureInfo.InvariantCulture, out var value) || value < 1)
                return null;
            switch (name)
            {
                case "--seconds": options = options with { Seconds = value }; break;
                case "--deliveries" when value >= MinDeliveries: options = options with { Deliveries = value }; break;
                case "--rounds": options = options with { Rounds = value }; break;
                case "--connections": options = options with { Connections = value }; break;
                default: return null;
            }
        }

        return options;
    }
}
