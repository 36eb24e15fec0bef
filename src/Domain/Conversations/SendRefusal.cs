namespace MetaMessaging.Domain.Conversations;

/// <summary>One refusal of a message by Meta, for ops' figures. Kept even if a later attempt succeeds.</summary>
public sealed class SendRefusal : Entity, IOwnedByOrganization
{
    private SendRefusal() { }

    public SendRefusal(Message message, Refusal refusal, DateTimeOffset now)
    {
        OrganizationId = message.OrganizationId;
        ConnectionId = message.ConnectionId;
        MessageId = message.Id;
        At = now;
        Class = refusal.Class;
        Code = refusal.Code;
        Subcode = refusal.Subcode;
    }

    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    public long OrganizationId { get; private set; }

    public long ConnectionId { get; private set; }

    public long MessageId { get; private set; }

    public DateTimeOffset At { get; private set; }

    public RefusalClass Class { get; private set; }

    /// <summary>Null if Meta sent none, as after a time-out.</summary>
    public int? Code { get; private set; }

    public int? Subcode { get; private set; }
}
