namespace MetaMessaging.Application.Common;

/// <summary>Sends queued messages. A wake-up signal that is lost loses no message, because the message rows are the queue.</summary>
public interface IDispatcher { void Wake(long conversationId); }
