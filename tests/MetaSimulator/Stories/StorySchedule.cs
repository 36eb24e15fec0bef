using System.Text.RegularExpressions;
using MetaMessaging.MetaSimulator.State;

namespace MetaMessaging.MetaSimulator.Stories;

internal sealed record ScheduledLine(Customer Customer, DateTimeOffset At, StoryLine Line);

/// <summary>
/// The script with a customer and a time for every line. The random numbers have a fixed seed, so two runs differ in nothing but the dates.
/// </summary>
internal sealed class StorySchedule
{
    private static readonly TimeSpan Duration = TimeSpan.FromDays(14);

    /// <summary>Past scenes have ended this long ago at least; scenes of today began this long ago at most.</summary>
    private static readonly TimeSpan TodayDuration = TimeSpan.FromHours(5);

    private readonly Random _random = new(14);
    private readonly List<ScheduledLine> _past = [];
    private readonly List<(Customer Customer, StoryLine Line)> _upcoming = [];

    public StorySchedule(StoryScript script, IEnumerable<Customer> customers, DateTimeOffset now)
    {
        var queues = customers.GroupBy(customer => customer.Channel)
            .ToDictionary(group => group.Key, group => new Queue<Customer>(Shuffle(group)));
        var pastScenes = Shuffle(script.Scenes.Where(scene => !scene.IsToday).SelectMany(scene => Enumerable.Repeat(scene, scene.Times)));
        var interval = (Duration - TimeSpan.FromDays(1)) / Math.Max(1, pastScenes.Count);
        for (var i = 0; i < pastScenes.Count; i++)
        {
            var startsAt = MoveToDaytime(now - Duration + interval * i + interval * _random.NextDouble());
            var latestStart = now - TodayDuration - DurationOf(pastScenes[i].Lines) * 1.1;
            AddPast(NextCustomer(pastScenes[i], queues), startsAt < latestStart ? startsAt : latestStart, pastScenes[i].Lines);
        }

        foreach (var scene in script.Scenes.Where(scene => scene.IsToday).SelectMany(scene => Enumerable.Repeat(scene, scene.Times)))
        {
            var customer = NextCustomer(scene, queues);
            var past = scene.Lines.TakeWhile(line => line.Actor is not "agent").ToList();
            var age = (TodayDuration - TimeSpan.FromHours(1)) * _random.NextDouble() + TimeSpan.FromMinutes(2);
            AddPast(customer, now - DurationOf(past) * 1.1 - age, past);
            _upcoming.AddRange(scene.Lines.Skip(past.Count).Select(line => (customer, ChooseWords(line))));
        }

        _past.Sort((first, second) => first.At.CompareTo(second.At));
    }

    /// <summary>Ordered by time, over all conversations.</summary>
    public IReadOnlyList<ScheduledLine> Past => _past;

    /// <summary>What happens from now on, one conversation after the other; the first line of each is an agent's.</summary>
    public IReadOnlyList<(Customer Customer, StoryLine Line)> Upcoming => _upcoming;

    /// <summary>Takes the customer who has waited longest, so that nobody plays two scenes at the same time.</summary>
    private Customer NextCustomer(Scene scene, Dictionary<Channel, Queue<Customer>> queues)
    {
        var queue = scene.Channel is { } channel ? queues[channel] : queues.Values.MaxBy(queue => queue.Count * 1000 + _random.Next(1000))!;
        var customer = queue.Dequeue();
        queue.Enqueue(customer);
        return customer;
    }

    private void AddPast(Customer customer, DateTimeOffset at, IEnumerable<StoryLine> lines)
    {
        foreach (var line in lines)
        {
            at += DelayBefore(line) * (1 + 0.1 * _random.NextDouble());
            _past.Add(new ScheduledLine(customer, at, ChooseWords(line)));
        }
    }

    private static TimeSpan DurationOf(IEnumerable<StoryLine> lines) =>
        lines.Aggregate(TimeSpan.Zero, (sum, line) => sum + DelayBefore(line));

    private static TimeSpan DelayBefore(StoryLine line) => line.Delay ?? line switch
    {
        { Actor: "customer", IsMessage: false } => TimeSpan.FromSeconds(50),
        { Actor: "customer" } => TimeSpan.FromMinutes(3),
        { Actor: "bot" } => TimeSpan.FromSeconds(2),
        { Actor: "phone", Action: "delivered" } => TimeSpan.FromSeconds(3),
        { Actor: "phone" } => TimeSpan.FromMinutes(6),
        { Actor: "closed" } => TimeSpan.Zero,
        _ => TimeSpan.FromMinutes(11),
    };

    /// <summary>Maps the 24 hours of a local day to the 14 hours from 7:00 to 21:00.</summary>
    private static DateTimeOffset MoveToDaytime(DateTimeOffset time)
    {
        var midnight = new DateTimeOffset(time.ToLocalTime().Date);
        return midnight + TimeSpan.FromHours(7) + (time - midnight) * (14.0 / 24);
    }

    /// <summary>Replaces each {one|another} by one of its alternatives.</summary>
    private StoryLine ChooseWords(StoryLine line) =>
        line with { Text = Regex.Replace(line.Text, @"\{([^}]*)\}", match => Choose(match.Groups[1].Value.Split('|'))) };

    private string Choose(string[] alternatives) => alternatives[_random.Next(alternatives.Length)];

    private List<T> Shuffle<T>(IEnumerable<T> items)
    {
        var shuffled = items.ToArray();
        _random.Shuffle(shuffled);
        return [.. shuffled];
    }
}
