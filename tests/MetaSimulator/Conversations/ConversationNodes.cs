using System.Text.Json.Nodes;
using MetaMessaging.MetaSimulator.Graph;
using MetaMessaging.MetaSimulator.OAuth;
using MetaMessaging.MetaSimulator.State;

namespace MetaMessaging.MetaSimulator.Conversations;

/// <summary>Threads and messages, newest first (platform reference, Conversations API).</summary>
internal static class ConversationNodes
{
    /// <summary>Instagram gives details of a thread's latest messages only; older ones read as deleted.</summary>
    private const int InstagramDetails = 20;

    public static void Map(GraphRoutes routes)
    {
        routes.Edge("GET", "conversations", "conversations", List);
        routes.Edge("GET", "messages", "conversation", ListMessages);
        routes.Node("conversation", call => call.Platform.FindConversation(call.Path[0]) is not null, ReadConversation);
        routes.Node("message", call => call.Platform.FindMessage(call.Path[0]) is not null, ReadMessage);
    }

    private static JsonObject List(GraphCall call)
    {
        var page = call.RequirePage();
        if (call.Path[0] is not "me" && call.Path[0] != page.Id && call.Path[0] != page.Instagram?.Id)
            throw GraphErrors.Unsupported(call.Method, call.Path[0]);

        // Without a platform only Messenger's threads are listed.
        var channel = ChannelLabels.Parse(call.Text("platform") ?? "messenger")
            ?? throw GraphErrors.InvalidParameter("Param platform must be one of {instagram, messenger}");
        if (channel is Channel.Instagram && page.Instagram is null) throw GraphErrors.Refuse(100, 2534013);
        Admit(call, page, channel, channel is Channel.Messenger ? page.Id : page.Instagram!.Id);

        var threads = call.Platform.Customers
            .Where(customer => customer.PageId == page.Id && customer.Channel == channel)
            .Where(customer => call.Platform.IsLinked(customer) && customer.LastMessage is not null)
            .Where(customer => call.Text("user_id") is not { } userId || customer.Id == userId)
            .OrderByDescending(customer => customer.LastMessage!.At).ToList();
        var fields = call.Fields("id,updated_time");
        return Paging.CreatePage(call, threads, customer => customer.ConversationId, 25, customer => Conversation(call, customer, fields));
    }

    private static JsonObject ReadConversation(GraphCall call) => Conversation(call, Find(call), call.Fields("id,updated_time"));

    private static JsonObject ListMessages(GraphCall call)
    {
        var customer = Find(call);
        return Paging.CreatePage(
            call,
            NewestFirst(customer),
            message => message.Mid,
            25,
            message => Message(call, customer, message, call.Fields("id,created_time")));
    }

    private static JsonObject ReadMessage(GraphCall call)
    {
        var message = call.Platform.FindMessage(call.Path[0])!;
        var customer = call.Platform.FindCustomer(message.CustomerId)!;
        Admit(call, customer);
        var tooOld = customer.Channel is Channel.Instagram
            && NewestFirst(customer).FindIndex(other => other.Mid == message.Mid) >= InstagramDetails;
        if (message.IsDeleted || tooOld) throw GraphErrors.Refuse(9000001);
        return Message(call, customer, message, call.Fields("id,created_time"));
    }

    private static Customer Find(GraphCall call)
    {
        var customer = call.Platform.FindConversation(call.Path[0]) ?? throw GraphErrors.Unsupported(call.Method, call.Path[0]);
        Admit(call, customer);
        return customer;
    }

    private static void Admit(GraphCall call, Customer customer)
    {
        var page = call.RequirePage();
        if (customer.PageId != page.Id) throw GraphErrors.Unsupported(call.Method, call.Path[0]);
        Admit(call, page, customer.Channel, customer.AccountId);
    }

    private static void Admit(GraphCall call, Page page, Channel channel, string accountId)
    {
        call.Channel = channel;
        call.BusinessObjectId = accountId;
        call.RequirePermission(channel is Channel.Messenger ? Permissions.PagesMessaging : Permissions.InstagramManageMessages, 10);
        if (channel is Channel.Instagram && page.Instagram is { AllowsMessageAccess: false }) throw GraphErrors.Refuse(200, 2534041);
        if (!call.Platform.RateLimits.TryTake(accountId, "conversations", call.Platform.Settings.Limits.Conversations))
        {
            throw GraphErrors.Refuse(channel is Channel.Messenger ? 80006 : 80002);
        }
    }

    private static List<Message> NewestFirst(Customer customer) => [.. customer.Messages.Where(message => !message.IsDeleted).Reverse()];

    private static JsonObject Conversation(GraphCall call, Customer customer, IReadOnlyList<SelectedField> fields)
    {
        var messages = NewestFirst(customer);
        var answer = new JsonObject();
        foreach (var field in fields)
        {
            answer[field.Name] = field.Name switch
            {
                "id" => customer.ConversationId,
                "updated_time" => Times.Iso(customer.LastMessage?.At ?? 0),
                "link" => $"/{customer.PageId}/inbox/{customer.Id}/",
                "message_count" => messages.Count,
                "unread_count" => messages.Count(message => message.FromCustomer && message.At > customer.SeenByBusinessUpTo),
                "participants" =>
                    new JsonObject
                    {
                        ["data"] = new JsonArray(Participants.Customer(customer), Participants.Business(call.Platform, customer)),
                    },
                "messages" => new JsonObject
                {
                    ["data"] = new JsonArray(
                        [.. messages.Take(field.Limit ?? 25).Select((message, index) => Listed(call, customer, message, index, field))]),
                },
                _ => throw GraphErrors.NoSuchField(field.Name, "UnifiedThread"),
            };
        }

        answer.Remove("id");
        answer["id"] = customer.ConversationId;
        return answer;
    }

    /// <summary>Beyond the limit an Instagram message is listed by id and time alone.</summary>
    private static JsonObject Listed(GraphCall call, Customer customer, Message message, int index, SelectedField field) =>
        customer.Channel is Channel.Instagram && index >= InstagramDetails
            ? new JsonObject { ["id"] = message.Mid, ["created_time"] = Times.Iso(message.At) }
            : Message(call, customer, message, field.FieldsOr("id,created_time"));

    private static JsonObject Message(GraphCall call, Customer customer, Message message, IReadOnlyList<SelectedField> fields)
    {
        var answer = new JsonObject();
        foreach (var field in fields)
        {
            if (MessageFields.Read(call.Platform, customer, message, field) is { } value) answer[field.Name] = value;
        }

        if (!answer.ContainsKey("id")) answer["id"] = message.Mid;
        return answer;
    }
}
