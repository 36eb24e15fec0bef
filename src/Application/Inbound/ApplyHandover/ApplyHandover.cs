namespace MetaMessaging.Application.Inbound;

/// <summary>Another app got, gave back or asks for the conversation (platform reference, Webhooks → Hand-over and standby).</summary>
public sealed record ApplyHandover(PageConnection Connection, InboundEvent Event) : IInboundEvent;

internal sealed class ApplyHandoverHandler(
    ConversationLookup conversations, TimelineRecorder timeline, IMetaApp metaApp, TimeProvider clock)
    : IRequestHandler<ApplyHandover, EventOutcome>
{
    public async Task<EventOutcome> Handle(ApplyHandover request, CancellationToken cancellationToken)
    {
        var (connection, inbound) = request;
        if (inbound.Key is "app_roles") return EventOutcome.Ignored("The roles of the Page's apps changed; nothing here depends on them.");
        if (inbound.CustomerId is null) return EventOutcome.Ignored("The event names no customer.");

        var ours = (await metaApp.GetAsync(cancellationToken)).AppId;
        var conversation = conversations.FindOrCreate(connection, inbound, clock.GetUtcNow());
        if (inbound.Key is "request_thread_control")
        {
            var appId = inbound.Content.Text("requested_owner_app_id");
            timeline.Add(conversation, inbound, TimelineItemType.Handover, $"The conversation was asked for by {NameOf(appId, ours)}");
            return EventOutcome.Processed;
        }

        var owner = inbound.Content.Text("new_owner_app_id");
        if (owner?.Length > MetaId.MaxLength)
            return EventOutcome.Failed($"An id is longer than {MetaId.MaxLength} characters.");

        conversation.RecordThreadOwner(owner == ours ? null : owner, inbound.At);
        timeline.Add(conversation, inbound, TimelineItemType.Handover, owner is null ? "The conversation was released"
            : inbound.Key is "take_thread_control" ? $"The conversation was taken over by {NameOf(owner, ours)}"
            : $"The conversation was passed to {NameOf(owner, ours)}");
        return EventOutcome.Processed;
    }

    private static string NameOf(string? appId, string? ours) =>
        appId is null ? "another app"
        : appId == ours ? "this app"
        : MetaInboxAppIds.Contains(appId) ? "Meta's inbox"
        : $"app {appId}";
}
