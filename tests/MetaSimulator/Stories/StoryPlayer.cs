using System.Globalization;
using MetaMessaging.MetaSimulator.Control;
using MetaMessaging.MetaSimulator.State;
using static MetaMessaging.MetaSimulator.Control.CustomerActionEndpoints;

namespace MetaMessaging.MetaSimulator.Stories;

/// <summary>Performs the lines of a story as the customers and colleagues that it names; what agents say is the app's part.</summary>
internal sealed class StoryPlayer(Platform platform, StoryScript script)
{
    private const string BotAppId = "684120937755103";

    private static readonly Dictionary<string, string> AttachmentTypes = new(StringComparer.Ordinal)
    {
        [".jpg"] = "image", [".png"] = "image", [".mp4"] = "video", [".mp3"] = "audio", [".pdf"] = "file",
    };

    private Queue<(Customer Customer, StoryLine Line)> _upcoming = [];

    public void AddPeople()
    {
        foreach (var person in script.People.Where(person => platform.FindCustomer(person.Id) is null))
        {
            CustomerEndpoints.New(platform, new CustomerRequest { Id = person.Id, Name = person.Name, Channel = person.Channel.ToText() });
        }
    }

    /// <summary>Plays everything up to now, each line with its own time.</summary>
    public PlayedStory PlayPast()
    {
        var customers = platform.Customers.Where(customer => customer.PageId == Seed.CoffeePageId)
            .OrderBy(customer => customer.Name, StringComparer.Ordinal);
        var schedule = new StorySchedule(script, customers, platform.Clock.Now);
        foreach (var (customer, at, line) in schedule.Past) Perform(customer, line, at);
        _upcoming = new(schedule.Upcoming);

        var all = schedule.Past.Select(scheduled => (scheduled.Customer, scheduled.Line)).Concat(schedule.Upcoming).ToList();
        var conversations = all.GroupBy(item => item.Customer, item => item.Line)
            .Select(lines => new StoryConversation(lines.Key.Id, EndingOf(lines)))
            .ToList();
        return new PlayedStory(all.Count(item => item.Line.IsMessage), conversations);
    }

    /// <summary>Plays one line now. A line of an agent is only returned: the caller sends it through the app.</summary>
    public NextStoryLine? PlayNext()
    {
        if (!_upcoming.TryDequeue(out var next)) return null;
        if (next.Line.Actor is "agent") return new NextStoryLine(next.Customer.Id, next.Line.Text);

        Perform(next.Customer, next.Line, null);
        return new NextStoryLine(next.Customer.Id, null);
    }

    private static string EndingOf(IEnumerable<StoryLine> lines) =>
        lines.Select(line => line is { Actor: "customer", IsMessage: false } ? "" : line.Actor)
            .LastOrDefault(actor => actor is "customer" or "business" or "agent" or "closed") switch
        {
            "customer" => "waiting",
            "closed" => "closed",
            _ => "answered",
        };

    private void Perform(Customer customer, StoryLine line, DateTimeOffset? at)
    {
        var time = at?.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        switch (line.Actor, line.Action)
        {
            case ("closed", _): break;
            case ("business", _): AnswerElsewhere(customer.Id, new(line.Text, null, time), platform); break;
            case ("bot", _): AnswerElsewhere(customer.Id, new(line.Text, BotAppId, time), platform); break;
            case ("phone", "delivered"): Acknowledge(customer.Id, new(null, null, time), platform); break;
            case ("phone", "read"): Read(customer.Id, new(null, null, time), platform); break;
            case (_, "taps"): TapButton(customer.Id, new(line.Text, line.Argument, null, null, time), platform); break;
            case (_, "reacts"): React(customer.Id, new(null, line.Text, null, time), platform); break;
            case (_, "edits"): Edit(customer.Id, LastMid(customer, fromCustomer: true), new(line.Text, null, time), platform); break;
            case (_, "unsends"): Unsend(customer.Id, LastMid(customer, fromCustomer: true), new(time), platform); break;
            default: Write(customer.Id, MessageFor(customer, line) with { Timestamp = time }, platform); break;
        }
    }

    private static MessageRequest MessageFor(Customer customer, StoryLine line) => line.Action switch
    {
        "" => new MessageRequest { Text = line.Text },
        "sends" => new MessageRequest { Text = line.Text is "" ? null : line.Text, Attachments = [AttachmentFor(line.Argument)] },
        "picks" => new MessageRequest { Text = line.Text, QuickReply = line.Argument },
        "quotes" => new MessageRequest { Text = line.Text, ReplyTo = LastMid(customer, fromCustomer: false) },
        "answers" when line.Argument is "story" => new MessageRequest { Text = line.Text, StoryReply = new(null, null, null) },
        _ => throw new ControlException($"A story cannot say '{line.Actor} {line.Action} {line.Argument}'."),
    };

    private static AttachmentRequest AttachmentFor(string sampleOrType) =>
        AttachmentTypes.TryGetValue(Path.GetExtension(sampleOrType), out var type)
            ? new AttachmentRequest { Type = type, Sample = sampleOrType }
            : new AttachmentRequest { Type = sampleOrType };

    private static string LastMid(Customer customer, bool fromCustomer) =>
        customer.Messages.Last(message => message.FromCustomer == fromCustomer).Mid;
}
