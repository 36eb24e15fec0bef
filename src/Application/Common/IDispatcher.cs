namespace MetaMessaging.Application.Common;

/// <summary>The alarm clock of the way out. Losing an alarm loses no work: the rows are the queue.</summary>
public interface IDispatcher
{
    void Wake(long conversationId);
}
