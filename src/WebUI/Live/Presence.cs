using System.Text.Json;
using Microsoft.AspNetCore.SignalR;

namespace MetaMessaging.WebUI.Live;

/// <summary>Whose connection to the live hub it is. Each works in one organization.</summary>
/// <param name="UserId">0 for an API key.</param>
internal sealed record LiveMember(long OrganizationId, long UserId, string Name);

/// <summary>A member who has a conversation open; to the member's colleagues.</summary>
public sealed record PresentMember(long UserId, string Name, bool IsTyping);

/// <summary>
/// Who looks at which conversation, and who types a reply to it. It is kept in memory, by connection, and ends by itself: a page repeats
/// every 10 seconds that it shows the conversation. Nodes tell each other what their pages say.
/// </summary>
internal sealed class Presence(IHubContext<InboxHub> hub, INodeMessages nodes, TimeProvider clock, ILogger<Presence> logger)
    : BackgroundService, INodeMessageHandler
{
    private static readonly TimeSpan LookLifetime = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan TypingLifetime = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(2);

    private readonly Lock access = new();
    private readonly Dictionary<string, LookedAt> looks = [];

    /// <summary>What the pages were told last.</summary>
    private Dictionary<Place, List<PresentMember>> shown = [];

    public string Kind => "presence";

    /// <returns>Everybody who looks at the conversation, the member included.</returns>
    public IReadOnlyList<PresentMember> Look(string connectionId, LiveMember member, long conversationId)
    {
        nodes.Send(Kind, new PresenceMessage(connectionId, member, conversationId, IsTyping: false));
        RecordLook(connectionId, member, conversationId);
        lock (access) return shown.GetValueOrDefault(new Place(member.OrganizationId, conversationId), []);
    }

    public void Type(string connectionId)
    {
        LookedAt? look;
        lock (access) look = looks.GetValueOrDefault(connectionId);
        if (look is null) return;
        nodes.Send(Kind, new PresenceMessage(connectionId, look.Member, look.Place.ConversationId, IsTyping: true));
        RecordTyping(connectionId);
    }

    public void Leave(string connectionId)
    {
        bool isKnown;
        lock (access) isKnown = looks.ContainsKey(connectionId);
        if (!isKnown) return;
        nodes.Send(Kind, new PresenceMessage(connectionId, null, 0, IsTyping: false));
        RecordLeft(connectionId);
    }

    public Task HandleAsync(JsonElement message)
    {
        var (connectionId, member, conversationId, isTyping) = message.Deserialize<PresenceMessage>()!;
        if (member is null) RecordLeft(connectionId);
        else RecordLook(connectionId, member, conversationId);
        if (isTyping) RecordTyping(connectionId);
        return Task.CompletedTask;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(CheckInterval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken)) Change(_ => { });
    }

    private void RecordLook(string connectionId, LiveMember member, long conversationId) => Change(now =>
    {
        var place = new Place(member.OrganizationId, conversationId);
        var typesUntil = looks.TryGetValue(connectionId, out var known) && known.Place == place ? known.TypesUntil : now;
        looks[connectionId] = new LookedAt(place, member, now + LookLifetime, typesUntil);
    });

    private void RecordTyping(string connectionId) => Change(now =>
    {
        if (looks.TryGetValue(connectionId, out var look)) looks[connectionId] = look with { TypesUntil = now + TypingLifetime };
    });

    private void RecordLeft(string connectionId) => Change(_ => looks.Remove(connectionId));

    /// <summary>Tells the organizations' pages about the conversations where somebody came, went, or began or ended to type.</summary>
    private void Change(Action<DateTimeOffset> change)
    {
        List<(Place Place, List<PresentMember> Members)> changed = [];
        lock (access)
        {
            var now = clock.GetUtcNow();
            var before = shown;
            change(now);
            foreach (var (connectionId, look) in looks.ToList())
                if (look.Until <= now) looks.Remove(connectionId);
            shown = looks.Values.GroupBy(look => look.Place).ToDictionary(ofPlace => ofPlace.Key, ofPlace => MembersOf(ofPlace, now));
            foreach (var place in before.Keys.Union(shown.Keys))
            {
                var members = shown.GetValueOrDefault(place, []);
                if (!members.SequenceEqual(before.GetValueOrDefault(place, []))) changed.Add((place, members));
            }
        }

        foreach (var (place, members) in changed)
        {
            hub.Clients.Group(InboxHub.GroupOf(place.OrganizationId))
                .Post("presence", new { conversationId = place.ConversationId, members }, logger);
        }
    }

    private static List<PresentMember> MembersOf(IEnumerable<LookedAt> looks, DateTimeOffset now) =>
    [
        .. looks.GroupBy(look => look.Member)
            .Select(ofMember => new PresentMember(ofMember.Key.UserId, ofMember.Key.Name, ofMember.Any(look => look.TypesUntil > now)))
            .OrderBy(member => member.UserId),
    ];

    private readonly record struct Place(long OrganizationId, long ConversationId);

    /// <param name="Member">Null when the page shows the conversation no more.</param>
    private sealed record PresenceMessage(string ConnectionId, LiveMember? Member, long ConversationId, bool IsTyping);

    private sealed record LookedAt(Place Place, LiveMember Member, DateTimeOffset Until, DateTimeOffset TypesUntil);
}
