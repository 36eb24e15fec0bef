using System.Globalization;

namespace MetaMessaging.Benchmarks.Sending;

/// <param name="Messages">How many each conversation sends.</param>
/// <param name="Latency">Milliseconds until Meta answers.</param>
internal sealed record SendOptions(int Pages = 20, int Conversations = 200, int Messages = 150, int Latency = 50)
{
    public int Total => Conversations * Messages;

    public static SendOptions? Parse(string[] args)
    {
        var options = new SendOptions();
        foreach (var pair in args.Chunk(2))
        {
            if (pair is not [var name, var text] || !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
                return null;
            switch (name)
            {
                case "--pages" when value > 0: options = options with { Pages = value }; break;
                case "--conversations" when value is > 0 and <= 1000: options = options with { Conversations = value }; break;
                case "--messages" when value > 0: options = options with { Messages = value }; break;
                case "--latency": options = options with { Latency = value }; break;
                default: return null;
            }
        }

        return options;
    }
}
