using MediatR;
using MetaMessaging.Application.Common;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Connections;
using MetaMessaging.Domain.Conversations;
using MetaMessaging.Domain.Inbound;

namespace MetaMessaging.Application.Inbound;

/// <summary>The thread went to another app, came from one, or is asked for (platform reference, Webhooks → Hand-over and standby).</summary>
public sealed record ApplyHandover(PageConnection Connection, InboundEvent Event) : IInboundEvent;

internal sealed class ApplyHandoverHandler(InboundBatch batch, IMetaApp metaApp, TimeProvider clock) : IRequestHandler<ApplyHandover, EventOutcome>
{
    public async Task<EventOutcome> Handle(ApplyHandover request, CancellationToken cancellationToken)
    {
        var (connection, inbound) = request;
        if (inbound.Key is "app_roles") return EventOutcome.Ignored("The roles of the Page's apps changed; nothing here depends on them.");
        if (inbound.CustomerId is null) return EventOutcome.Ignored("The event names no customer.");

        var ours = (await metaApp.GetAsync(cancellationToken)).AppId;
        var conversation = batch.ConversationOrNew(connection, inbound, clock.GetUtcNow());
        if (inbound.Key is "request_thread_control")
        {
            var asking = inbound.Content.Text("requested_owner_app_id");
            batch.AddEntry(conversation, inbound, TimelineEntryKind.Handover, $"The conversation was asked for by {Name(asking, ours)}");
            return EventOutcome.Processed;
        }

        var owner = inbound.Content.Text("new_owner_app_id");
        if (owner?.Length > MetaId.MaxLength) return EventOutcome.Failed($"An id is longer than {MetaId.MaxLength} characters.");

        conversation.RecordThreadOwner(owner == ours ? null : owner, inbound.At);
        batch.AddEntry(conversation, inbound, TimelineEntryKind.Handover,
            owner is null ? "The conversation was released"
            : inbound.Key is "take_thread_control" ? $"The conversation was taken over by {Name(owner, ours)}"
            : $"The conversation was passed to {Name(owner, ours)}");
        return EventOutcome.Processed;
    }

    private static string Name(string? appId, string? ours) =>
        appId is null ? "another app"
        : appId == ours ? "this app"
        : MetaInboxAppIds.Include(appId) ? "Meta's inbox"
        : $"app {appId}";
}
