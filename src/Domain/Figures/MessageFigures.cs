using System.Linq.Expressions;
using MetaMessaging.Domain.Conversations;

namespace MetaMessaging.Domain.Figures;

/// <summary>What a message contributes to the dashboard.</summary>
/// <param name="AgentId">The member who sent it; 0 for all other messages.</param>
/// <param name="WaitedSince"><see cref="MessageDelivery.WaitedSince"/></param>
public readonly record struct MessageFigures(
    long OrganizationId, long ConnectionId, long AgentId, Channel Channel, MessageDirection Direction, MessageStatus Status,
    DateTimeOffset OccurredAt, DateTimeOffset? WaitedSince)
{
    public static readonly Expression<Func<Message, MessageFigures>> Selector = m => new MessageFigures(
        m.OrganizationId, m.ConnectionId, m.Origin == MessageOrigin.Agent ? m.SenderId ?? 0 : 0, m.Channel, m.Direction, m.Status,
        m.OccurredAt, m.WaitedSince);

    public bool IsInbound => Direction is MessageDirection.Inbound;

    public bool IsDelivered => Status is MessageStatus.Delivered || IsRead;

    public bool IsRead => Status is MessageStatus.Read;

    public bool IsFailed => Status is MessageStatus.Failed;

    /// <summary>How long the customer had waited, in milliseconds; null when the message is no first answer.</summary>
    public long? ResponseMilliseconds =>
        IsFailed || WaitedSince is not { } since ? null : Math.Max(0, (long)(OccurredAt - since).TotalMilliseconds);

    public static MessageFigures Of(Message message) => new(
        message.OrganizationId, message.ConnectionId, message.Origin is MessageOrigin.Agent ? message.SenderId ?? 0 : 0, message.Channel,
        message.Direction, message.Status, message.OccurredAt, message.WaitedSince);
}
