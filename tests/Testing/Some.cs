using MetaMessaging.Application.Common;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Connections;
using MetaMessaging.Domain.Contacts;
using MetaMessaging.Domain.Conversations;

namespace MetaMessaging.Testing;

/// <summary>Creates valid entities; a test names only what matters to it. Every call makes a new Page and a new customer.</summary>
public static class Some
{
    /// <summary>The rows a slice test's database starts with.</summary>
    public const long OrganizationId = 1;
    public const long OtherOrganizationId = 2;
    public const long AdminId = 1;
    public const long AgentId = 2;
    public const long OtherAdminId = 3;

    /// <summary>The ids in the payload samples.</summary>
    public const string PageId = "109876543210987";
    public const string Psid = "7654321098765432";
    public const string IgAccountId = "17841400000000001";
    public const string Igsid = "1234567890123456";

    /// <summary>The time at which slice tests start, minutes after the samples.</summary>
    public static readonly DateTimeOffset Now = new(2025, 10, 9, 9, 0, 0, TimeSpan.Zero);

    private static long next;

    public static Sender Agent { get; } = new(MessageOrigin.Agent, AgentId, "Anton Berg");

    public static Sender Software { get; } = new(MessageOrigin.Api, null, "Shop");

    public static ConnectablePage Page(
        string? pageId = null, string? igAccountId = null, string? token = "page-token", string name = "Blue Cup Coffee") =>
        new(pageId ?? PageId, name, token, igAccountId, igAccountId is null ? null : "bluecup");

    public static PageConnection Connection(
        string? pageId = null, string? igAccountId = null, long organizationId = OrganizationId, string? token = "page-token",
        string? metaUserId = "122100000000000001", string name = "Blue Cup Coffee")
    {
        var connection = new PageConnection(organizationId, pageId ?? Unique("1098"));
        connection.Connect(Page(connection.PageId, igAccountId, token, name), metaUserId, AdminId, null, Now.AddDays(-30));
        return connection;
    }

    /// <summary>Connects the Page again, with another token.</summary>
    public static void Reconnect(PageConnection connection, DateTimeOffset now)
    {
        var page = new ConnectablePage(
            connection.PageId, connection.PageName, Unique("token"), connection.IgAccountId, connection.IgUsername);
        connection.Connect(page, connection.MetaUserId, null, null, now);
    }

    /// <summary>The Page and the Instagram account of the payload samples, connected.</summary>
    public static PageConnection SampleConnection(long organizationId = OrganizationId) => Connection(PageId, IgAccountId, organizationId);

    public static Conversation Conversation(
        DateTimeOffset? lastInboundAt = null,
        PageConnection? connection = null,
        Channel channel = Channel.FacebookMessenger,
        string? customerId = null,
        Contact? contact = null,
        bool neverWrote = false,
        long organizationId = OrganizationId)
    {
        connection ??= Connection(igAccountId: channel is Channel.InstagramDm ? Unique("1784") : null, organizationId: organizationId);
        customerId ??= Unique(channel is Channel.FacebookMessenger ? "7654" : "1234");
        contact ??= channel is Channel.FacebookMessenger
            ? Contact.FromFacebook(connection.OrganizationId, connection.PageId, customerId, Now.AddDays(-1))
            : Contact.FromInstagram(connection.OrganizationId, connection.IgAccountId!, customerId, Now.AddDays(-1));
        var at = lastInboundAt ?? Now.AddMinutes(-5);
        var conversation = new Conversation(connection, channel, contact, customerId, at);
        if (!neverWrote) conversation.RecordCustomerAction(at);
        return conversation;
    }

    public static Message Inbound(
        Conversation conversation,
        string? text = "Hello",
        DateTimeOffset? at = null,
        string? mid = null,
        params AttachmentContent[] attachments)
    {
        var message = Message.Receive(
            conversation, mid ?? Unique("m_in"), new MessageContent(text, attachments), at ?? Now.AddMinutes(-5), at ?? Now.AddMinutes(-5));
        conversation.RecordMessage(message);
        return message;
    }

    public static Message Queued(Conversation conversation, string text = "Hello", DateTimeOffset? at = null) =>
        conversation.Compose(new MessageDraft(text), Agent, at ?? Now.AddSeconds(-1))[0];

    public static MessageAttachment Upload(
        string contentType = "image/png", long size = 1000, string fileName = "cup.png", long organizationId = OrganizationId) =>
        MessageAttachment.Upload(
            organizationId, new StoredMedia(Unique("2025/10/upload"), null, contentType, size, fileName), Now.AddMinutes(-1));

    public static Message Sending(Conversation conversation, string text = "Hello", DateTimeOffset? at = null)
    {
        var message = Queued(conversation, text, at);
        message.TryClaim(at ?? Now.AddSeconds(-1));
        return message;
    }

    public static Message Sent(Conversation conversation, string text = "Hello", DateTimeOffset? at = null, string? mid = null)
    {
        var message = Sending(conversation, text, at);
        message.MarkSent(mid ?? Unique("m_out"), at ?? Now.AddSeconds(-1));
        return message;
    }

    public static Message Failed(Conversation conversation, string text = "Hello")
    {
        var message = Sending(conversation, text);
        message.Fail(Refusal(RefusalClass.Parameter));
        return message;
    }

    public static Refusal Refusal(RefusalClass @class, TimeSpan? retryAfter = null) => new(
        @class, 100, 33, "Atrace", $"Meta refused: {@class}.", "Detail.", RefusalActor.Agent,
        Retryable: @class is RefusalClass.Transient or RefusalClass.Rate, retryAfter);

    public static GraphException Refused(RefusalClass @class, TimeSpan? retryAfter = null) => new(Refusal(@class, retryAfter));

    public static string Unique(string prefix) => FormattableString.Invariant($"{prefix}{Interlocked.Increment(ref next):00000000}");
}
