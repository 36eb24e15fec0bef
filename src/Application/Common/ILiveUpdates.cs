namespace MetaMessaging.Application.Common;

/// <summary>Tells open browsers what to fetch again. Best effort; carries ids only.</summary>
public interface ILiveUpdates
{
    Task MessageCreatedAsync(long organizationId, long conversationId, long messageId);

    Task MessageUpdatedAsync(long organizationId, long conversationId, long messageId);

    Task ConversationUpdatedAsync(long organizationId, long conversationId);
}
