using System.Globalization;
using System.Text.RegularExpressions;
using MetaMessaging.MetaSimulator.Control;
using MetaMessaging.MetaSimulator.State;

namespace MetaMessaging.MetaSimulator.Stories;

/// <summary>One line of a scene: who does what.</summary>
/// <param name="Delay">The time since the line before; null when the script names none.</param>
internal sealed record StoryLine(string Actor, TimeSpan? Delay, string Action, string Argument, string Text)
{
    /// <summary>Whether the line becomes a message in the thread; reactions, edits, receipts and closing do not.</summary>
    public bool IsMessage =>
        Actor is "business" or "bot" or "agent" || (Actor is "customer" && Action is not ("reacts" or "edits" or "unsends"));
}

/// <param name="Channel">Null when customers of either channel may play the scene.</param>
/// <param name="IsToday">Whether the scene takes place in the last hours rather than in the two weeks before.</param>
/// <param name="Times">How many customers play the scene.</param>
internal sealed record Scene(Channel? Channel, bool IsToday, int Times, List<StoryLine> Lines);

internal sealed record StoryPerson(string Id, string Name, Channel Channel);

/// <summary>A story as text, in the form that the head of build/demo-story.txt describes.</summary>
internal sealed record StoryScript(IReadOnlyList<StoryPerson> People, IReadOnlyList<Scene> Scenes)
{
    private static readonly Regex LineFormat = new(
        @"^(?<actor>customer|business|bot|phone|agent|closed)(?: \+(?<number>\d+)(?<unit>[smhd]))?"
        + @"(?: (?<action>[a-z]+)(?: (?<argument>\S+?))?)?(?:: *(?<text>.*))?$");

    public static StoryScript Parse(string script)
    {
        var people = new List<StoryPerson>();
        var scenes = new List<Scene>();
        foreach (var line in script.Split('\n', StringSplitOptions.TrimEntries).Where(line => line is not "" && line[0] is not '#'))
        {
            var parts = line.TrimStart('=').Split('|', StringSplitOptions.TrimEntries);
            if (line[0] is '=' && parts is [_, var channel, ("past" or "today") and var day, var times])
                scenes.Add(new Scene(ChannelLabels.Parse(channel), day is "today", int.Parse(times, CultureInfo.InvariantCulture), []));
            else if (parts is ["people", "messenger" or "instagram", var names])
                people.AddRange(names.Split(',', StringSplitOptions.TrimEntries).Select((name, index) => NewPerson(parts[1], index, name)));
            else if (scenes is [.., var scene] && LineFormat.Match(line) is { Success: true } match)
                scene.Lines.Add(ToLine(match));
            else
                throw new ControlException($"This line of the story cannot be read: {line}");
        }

        return new StoryScript(people, scenes);
    }

    /// <summary>A person has the same id in every run, so that an app that keeps its database recognizes them.</summary>
    private static StoryPerson NewPerson(string channel, int index, string name)
    {
        var id = $"{(channel is "messenger" ? "74" : "15")}{20_406_080_100_305 + index * 7_919_070_503L}";
        return new StoryPerson(id, name, ChannelLabels.Parse(channel)!.Value);
    }

    private static StoryLine ToLine(Match match)
    {
        TimeSpan? delay = !match.Groups["number"].Success ? null : match.Groups["unit"].Value switch
        {
            "s" => TimeSpan.FromSeconds(Number()),
            "m" => TimeSpan.FromMinutes(Number()),
            "h" => TimeSpan.FromHours(Number()),
            _ => TimeSpan.FromDays(Number()),
        };
        return new StoryLine(Text("actor"), delay, Text("action"), Text("argument"), Text("text"));

        string Text(string group) => match.Groups[group].Value;
        double Number() => double.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture);
    }
}
