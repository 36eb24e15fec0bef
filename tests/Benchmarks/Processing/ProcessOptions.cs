using System.Globalization;

namespace MetaMessaging.Benchmarks.Processing;

/// <param name="Events">How many events a delivery holds; each size is measured by itself.</param>
/// <param name="Preload">How many messages are stored before everything is measured again; 0 leaves that out.</param>
internal sealed record ProcessOptions(
    int Seconds = 60,
    IReadOnlyList<int>? Events = null,
    int Preload = 1_000_000,
    int Customers = 2_000,
    int Connections = 64,
    int Ahead = 5_000)
{
    public IReadOnlyList<int> Events { get; init; } = Events ?? [1, 10];

    public static ProcessOptions? Parse(string[] args)
    {
        var options = new ProcessOptions();
        foreach (var pair in args.Chunk(2))
        {
            if (pair is not [var name, var text] || NumbersOf(text) is not [var value, ..] numbers) return null;
            switch (name)
            {
                case "--seconds" when value > 0: options = options with { Seconds = value }; break;
                case "--events" when numbers.All(n => n is > 0 and <= 1000): options = options with { Events = numbers }; break;
                case "--preload": options = options with { Preload = value }; break;
                case "--customers" when value > 0: options = options with { Customers = value }; break;
                case "--connections" when value > 0: options = options with { Connections = value }; break;
                case "--ahead" when value > 0: options = options with { Ahead = value }; break;
                default: return null;
            }
        }

        return options;
    }

    private static List<int> NumbersOf(string text)
    {
        var numbers = new List<int>();
        foreach (var part in text.Split(','))
        {
            if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return [];
            numbers.Add(number);
        }

        return numbers;
    }
}
