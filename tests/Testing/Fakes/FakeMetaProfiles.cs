using System.Collections.Concurrent;
using MetaMessaging.Application.Common;

namespace MetaMessaging.Testing;

public sealed class FakeMetaProfiles : IMetaProfiles
{
    /// <summary>The scoped user ids that were asked for.</summary>
    public ConcurrentQueue<string> Calls { get; } = [];

    public Func<Recipient, MetaProfile> OnProfile { get; set; } = _ => new MetaProfile("Peter Chang", null, null);

    public async Task<MetaProfile> GetProfileAsync(Recipient recipient, CancellationToken cancellationToken)
    {
        Calls.Enqueue(recipient.ScopedUserId);
        await Task.Yield();
        return OnProfile(recipient);
    }
}
