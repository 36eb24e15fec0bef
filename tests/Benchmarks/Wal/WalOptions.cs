using System.Globalization;

namespace MetaMessaging.Benchmarks.Wal;

internal sealed record WalOptions(int Seconds = 600, int Rate = 1000, int Readers = 4, int Reading = 200)
{
    public static WalOptions? Parse(string[] args)
    {
        var options = new WalOptions();
        foreach (var pair in args.Chunk(2))
        {
            if (pair is not [var name, var text] || !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
                return null;
            switch (name)
            {
                case "--seconds" when value > 0: options = options with { Seconds = value }; break;
                case "--rate" when value > 0: options = options with { Rate = value }; break;
                case "--readers": options = options with { Readers = value }; break;
                case "--reading" when value > 0: options = options with { Reading = value }; break;
                default: return null;
            }
        }

        return options;
    }
}
