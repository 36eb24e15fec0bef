using MediatR;
using MetaMessaging.Application.Common;
using MetaMessaging.Domain.Contacts;

namespace MetaMessaging.Application.Live;

/// <summary>Whoever shows one of the conversations looks again, and finds it gone.</summary>
internal sealed class PushContactErased(ILiveUpdates live) : INotificationHandler<Happened<ContactErased>>
{
    public async Task Handle(Happened<ContactErased> notification, CancellationToken cancellationToken)
    {
        var erased = notification.Event;
        foreach (var id in erased.ConversationIds) await live.ConversationUpdatedAsync(erased.OrganizationId, id);
    }
}
