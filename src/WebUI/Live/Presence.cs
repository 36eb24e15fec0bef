using Microsoft.AspNetCore.SignalR;

namespace MetaMessaging.WebUI.Live;

/// <summary>A user with a connection to the live hub. Each connection works in one organization.</summary>
internal sealed record LiveMember(long OrganizationId, long UserId, string Name);

/// <summary>A member who has a conversation open; to the member's colleagues.</summary>
public sealed record PresentMember(long UserId, string Name, bool IsTyping);

/// <summary>
/// Who looks at which conversation, and who types a reply to it. It is kept in memory, by connection, and ends by itself: a page repeats
/// every 10 seconds that it shows the conversation. Several nodes each know their own connections only.
/// </summary>
internal sealed class Presence(IHubContext<InboxHub> hub, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan LookLifetime = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan TypingLifetime = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(2);

    private readonly Lock access = new();
    private readonly Dictionary<string, Look> looks = [];

    /// <summary>What the pages were told last.</summary>
    private Dictionary<Place, List<PresentMember>> shown = [];

    /// <returns>Everybody who looks at the conversation, the member included.</returns>
    public async Task<IReadOnlyList<PresentMember>> LookAsync(string connectionId, LiveMember member, long conversationId)
    {
        var place = new Place(member.OrganizationId, conversationId);
        await ChangeAsync(now =>
        {
            var typesUntil = looks.TryGetValue(connectionId, out var known) && known.Place == place ? known.TypesUntil : now;
            looks[connectionId] = new Look(place, member, now + LookLifetime, typesUntil);
        });
        lock (access) return shown.GetValueOrDefault(place, []);
    }

    public Task TypeAsync(string connectionId) => ChangeAsync(now =>
    {
        if (looks.TryGetValue(connectionId, out var look)) looks[connectionId] = look with { TypesUntil = now + TypingLifetime };
    });

    public Task LeaveAsync(string connectionId) => ChangeAsync(_ => looks.Remove(connectionId));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(CheckInterval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken)) await ChangeAsync(_ => { });
    }

    /// <summary>Tells the organizations' pages about the conversations where somebody came, went, or began or ended to type.</summary>
    private async Task ChangeAsync(Action<DateTimeOffset> change)
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
            await hub.Clients.Group(InboxHub.GroupOf(place.OrganizationId))
                .SendAsync("presence", new { conversationId = place.ConversationId, members });
        }
    }

    private static List<PresentMember> MembersOf(IEnumerable<Look> looks, DateTimeOffset now) =>
    [
        .. looks.GroupBy(look => look.Member)
            .Select(ofMember => new PresentMember(ofMember.Key.UserId, ofMember.Key.Name, ofMember.Any(look => look.TypesUntil > now)))
            .OrderBy(member => member.UserId),
    ];

    private readonly record struct Place(long OrganizationId, long ConversationId);

    private sealed record Look(Place Place, LiveMember Member, DateTimeOffset Until, DateTimeOffset TypesUntil);
}
