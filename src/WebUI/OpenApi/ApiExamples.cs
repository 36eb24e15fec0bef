using System.Text.Json;
using System.Text.Json.Nodes;
using MetaMessaging.Application.ApiKeys;
using MetaMessaging.Application.CannedReplies;
using MetaMessaging.Application.Common;
using MetaMessaging.Application.Connections;
using MetaMessaging.Application.Contacts;
using MetaMessaging.Application.Conversations;
using MetaMessaging.Application.Dashboard;
using MetaMessaging.Application.Operations;
using MetaMessaging.Application.Outbound;
using MetaMessaging.Application.People;
using MetaMessaging.Application.SystemConfiguration;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Connections;
using MetaMessaging.Domain.Contacts;
using MetaMessaging.Domain.Conversations;
using MetaMessaging.Domain.Inbound;
using MetaMessaging.Domain.Organizations;
using MetaMessaging.WebUI.Api;
using MetaMessaging.WebUI.Api.CannedReplies;
using MetaMessaging.WebUI.Api.Connections;
using MetaMessaging.WebUI.Api.Contacts;
using MetaMessaging.WebUI.Api.Conversations;
using MetaMessaging.WebUI.Api.Outbound;
using MetaMessaging.WebUI.Api.People;
using Microsoft.AspNetCore.Authentication.BearerToken;

namespace MetaMessaging.WebUI.OpenApi;

/// <summary>
/// One example for each type that the API takes or answers with. They are objects of those very types, written by the API's own
/// serializer, so that an example cannot say what an answer does not.
/// </summary>
internal static class ApiExamples
{
    private const string PageId = "109876543210987";
    private const string Psid = "7654321098765432";
    private const string IgAccountId = "17841400000000001";
    private const string Mid = "m_AG5Hz2Uq7tuwNEhXfYYKj8mJEM_QPpz5jdCK48PnKAjSdjfipqxqMvK8ma6AC8fplwlqLP_5cgXIbu7I3rBN0P";

    private static readonly JsonSerializerOptions Options = NewOptions();

    private static readonly DateTimeOffset At = new(2026, 11, 22, 18, 17, 0, 123, TimeSpan.Zero);

    private static readonly MessageModel Received = new(
        76, 12, Channel.FacebookMessenger, MessageDirection.Inbound, MessageStatus.Received, MessageOrigin.Contact, Mid, "Do you have the blue cup?", null, null,
        [new AttachmentModel(3, "image", "image/jpeg", 48_213, "cup.jpg", AttachmentState.Available, "/api/attachments/3/content", "https://scontent.xx.fbcdn.net/v/cup.jpg", null, null)],
        [new ReactionModel("business", "❤️")], null, null, null, null, false, null, At, At, null, null, null, null, null);

    private static readonly MessageModel Queued = new(
        77, 12, Channel.FacebookMessenger, MessageDirection.Outbound, MessageStatus.Queued, MessageOrigin.Api, null, "Yes, in three sizes.",
        new ReplyToModel(76, Mid, "Do you have the blue cup?"), null, [], [], null, [new QuickReply("Small", "SIZE_S"), new QuickReply("Large", "SIZE_L")], null, null, false, null, At.AddMinutes(2), null, null, null, null, null,
        new SenderModel(4, "Order system"));

    private static readonly MessageModel Failed = Queued with
    {
        Status = MessageStatus.Failed,
        Error = new MessageErrorModel(
            551, 1545041, "AjdF8Lxn2x", "This person cannot be reached at the moment.", "(#551) This person isn't available right now.", RefusalActor.Agent, false, RefusalClass.Recipient),
    };

    private static readonly ContactModel Contact = new(
        5, "Peter Chang", "/api/contacts/5/avatar", ProfileState.Complete, At, [new FacebookIdentityModel(PageId, Psid)],
        [new InstagramIdentityModel(IgAccountId, "1234567890123456", "peter.chang", false, 412, true, false)],
        [new ContactConversation(12, Channel.FacebookMessenger, At)]);

    private static readonly ConnectionModel Connection = new(
        2, PageId, "Blue Cup Coffee", IgAccountId, "bluecup", ConnectionState.Active, [Channel.FacebookMessenger, Channel.InstagramDm], At.AddDays(-30), null, At, null);

    private static readonly TracedDelivery Traced = new(901, At, At.AddMilliseconds(38), WebhookDeliveryState.Processed, 1, 1, null);

    private static readonly Dictionary<Type, object> All = new object[]
    {
        new SignIn("agent@example.com", "correct horse battery"),
        new RefreshSignInEndpoint.RefreshRequest("CfDJ8Nq…"),
        new AccessTokenResponse { AccessToken = "CfDJ8Kx…", ExpiresIn = 3600, RefreshToken = "CfDJ8Nq…" },
        new MeModel(1, "agent@example.com", "Maria Lind", false, new OrganizationModel(1, "Blue Cup"), [OrganizationRoles.Admin, OrganizationRoles.Agent]),
        new SystemConfigModel(
            "123456789012345", true, "a-token-of-your-own", new Uri("https://messages.example.com/integrations/meta-messaging/webhook"),
            new Uri("https://messages.example.com/integrations/meta-messaging/oauth/callback"), true, MetaPermissions.All),
        new UpdateSystemConfig("123456789012345", "0123456789abcdef0123456789abcdef", "a-token-of-your-own"),
        new GetOAuthUrlEndpoint.OAuthUrlAnswer(new Uri("https://www.facebook.com/v25.0/dialog/oauth?client_id=123456789012345&redirect_uri=…&state=…&scope=…&response_type=code")),
        new PendingConnectionModel(9, At.AddMinutes(10), [new PendingPageModel(PageId, "Blue Cup Coffee", IgAccountId, "bluecup")]),
        new ConnectPage(9, PageId),
        Connection,
        new IntegrationStatus(true, [Connection]),
        new CreateApiKey("Order system", ["messages:send", "conversations:read"]),
        new CreatedApiKey(4, "Order system", ["messages:send", "conversations:read"], "mm_2Zr8…"),
        new ApiKeyModel(4, "Order system", ["messages:send", "conversations:read"], At.AddDays(-3), At),
        new SendMessage(12, "Yes, in three sizes.", QuickReplies: [new QuickReply("Small", "SIZE_S"), new QuickReply("Large", "SIZE_L")], ReplyToMessageId: 76, AttachmentIds: [3]),
        new SendMessageAnswer([Queued]),
        new UploadedAttachment(3, "image/jpeg", 48_213, "cup.jpg"),
        Received,
        new FailedMessage(Failed, RefusalClass.Recipient, new ConversationContact(5, "Peter Chang", "/api/contacts/5/avatar"), 2, "Blue Cup Coffee"),
        new RetryMessageEndpoint.RetryBody(MessageTag.HumanAgent, 1),
        new RetryMessages([77]),
        new RetriedMessages(1, [new RefusedRetry(78, "outside_messaging_window", "More than seven days have passed since the customer's last message. You can reply again when they write.")], 0),
        new ReactToMessageEndpoint.ReactionBody("❤️"),
        new SetTypingEndpoint.TypingBody(true),
        new ConversationModel(
            12, Channel.FacebookMessenger, ConversationStatus.Open, new ConversationContact(5, "Peter Chang", "/api/contacts/5/avatar"), 2, new AssigneeModel(1, "Maria Lind"), 1,
            Received, At, null, MessagingWindow.At(At, At.AddHours(1)), null, new ConversationConnection("Blue Cup Coffee", "bluecup", true, null, null, null)),
        new UpdateConversationEndpoint.ConversationChanges(ConversationStatus.Snoozed, At.AddDays(1)) { AssigneeId = 1 },
        new CannedReplyModel(6, "Opening hours", "hours", "Hello {{contact.firstName|there}}, we are here from 9 to 17."),
        new OfferedCannedReply(6, "Opening hours", "hours", "Hello Peter, we are here from 9 to 17."),
        new CreateCannedReply("Opening hours", "hours", "Hello {{contact.firstName|there}}, we are here from 9 to 17."),
        new UpdateCannedReplyEndpoint.CannedReplyContent("Opening hours", "hours", "Hello {{contact.firstName|there}}, we are here from 9 to 18."),
        Contact,
        new RenameContactEndpoint.ContactChanges("Peter from the market"),
        new MergeContactsEndpoint.MergeBody(8),
        new DashboardModel(
            new DashboardTotals(120, 98, 95, 71, 1, 14, 6, 312.5), [new DashboardDay(new DateOnly(2026, 11, 22), Channel.FacebookMessenger, 12, 9, 9, 7, 0)]),
        new WebhookDeliveryItem(901, At, "page", WebhookDeliveryState.Processed, 1, 1, 0, null, At.AddMilliseconds(38), PageId),
        new WebhookDeliveryModel(
            901, At, "page", WebhookDeliveryState.Processed, 1, 1, 0, null, At.AddMilliseconds(38), PageId, 38,
            [new WebhookEventModel(0, "Message", EventOutcomeKind.Processed, null, PageId, Psid, Mid, false, At, 76, 12)], """{"object":"page","entry":[…]}"""),
        new WebhookSummary(0, 0, null, 0, new WebhookLatency(24, 130), new RefusedSignaturesModel(0, null), 0),
        new SendingModel(
            3, 1, 2, [new RefusalCount(RefusalClass.Recipient, 551, 1545041, 2, 9)], new GraphUsageModel("app", 12, 3, 4, At),
            [new PageAllowance(2, PageId, "Blue Cup Coffee", ConnectionState.Active, null,
                [new AccountAllowance(Channel.FacebookMessenger, PageId, null, new GraphAllowance([new CallBudgetModel("messages", 100, 10, 0)], [new GraphUsageModel("messenger", 28, 25, 25, At)], null))])]),
        new ReplayWebhookDeliveries(State: WebhookDeliveryState.Failed, From: At.AddDays(-1), To: At),
        new ReplayModel(3, At, "Maria Lind", 40, 12, 0),
        new MessageTrace(
            76, 12, Channel.FacebookMessenger, MessageDirection.Inbound, MessageStatus.Received, MessageOrigin.Contact, Mid, PageId, "Blue Cup Coffee", Psid, null,
            At, At.AddMilliseconds(38), At, null, null, null, null, 0, null, null, null, null, 901, 0, Traced,
            [new TracedAttachment(3, "image", AttachmentState.Available, "image/jpeg", 48_213, 1, null, null, "https://scontent.xx.fbcdn.net/v/cup.jpg")], [],
            [new JobTrace("61", "DownloadAttachment { AttachmentId = 3 }", "Succeeded", At.AddSeconds(1))]),
    }.ToDictionary(example => example.GetType());

    /// <returns>Null for a type that has none; a test finds those.</returns>
    public static JsonNode? Of(Type type)
    {
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Page<>))
        {
            return Of(type.GenericTypeArguments[0]) is { } item
                ? new JsonObject { ["items"] = new JsonArray(item), ["nextCursor"] = "NjM5MDAwMDAwMDAwMDAwMDAwLjEy" }
                : null;
        }

        return All.TryGetValue(type, out var example) ? JsonSerializer.SerializeToNode(example, type, Options) : null;
    }

    /// <summary>As people write it: without what they leave out.</summary>
    public static JsonNode? OfBody(Type type)
    {
        var example = Of(type);
        foreach (var absent in (example as JsonObject ?? []).Where(member => member.Value is null).Select(member => member.Key).ToList()) example!.AsObject().Remove(absent);
        return example;
    }

    public static JsonNode? OfParameter(string? name) => name switch
    {
        "id" => 12,
        "pendingId" => 9,
        "limit" => 50,
        "cursor" => "NjM5MDAwMDAwMDAwMDAwMDAwLjEy",
        "channel" => "facebookMessenger",
        "assignee" => "me",
        "q" => "Peter",
        "unread" => true,
        "timeZone" => "Europe/Berlin",
        "Idempotency-Key" => "order-4711",
        _ => null,
    };

    private static JsonSerializerOptions NewOptions()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        ApiJson.Configure(options);
        return options;
    }
}
