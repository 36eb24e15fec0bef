namespace MetaMessaging.Application.Common;

/// <summary>Tells open browsers, by id, what to fetch again. An update may be lost; reloading the page shows everything.</summary>
public interface ILiveUpdates
{
    Task MessageCreatedAsync(long organizationId, long conversationId, long messageId);

    Task MessageUpdatedAsync(long organizationId, long conversationId, long messageId);

    Task ConversationUpdatedAsync(long organizationId, long conversationId);
}
