using System.Text.Json.Nodes;
using MetaMessaging.MetaSimulator.Graph;
using MetaMessaging.MetaSimulator.OAuth;
using MetaMessaging.MetaSimulator.State;

namespace MetaMessaging.MetaSimulator.Sending;

/// <summary>
/// Finds the Page and the recipient of a call. The recipient's id decides the channel (platform reference, Send API → Endpoints).
/// </summary>
internal static class Recipients
{
    private static readonly string[] Kinds = ["id", "user_ref", "post_id", "comment_id", "notification_messages_token", "phone_number"];

    /// <param name="plainId">The recipient of a call that has no object <c>recipient</c>.</param>
    public static (Page Page, Customer Customer) Find(GraphCall call, string? plainId = null)
    {
        var page = call.RequirePage();
        var node = call.Path[0];
        var onInstagramEdge = page.Instagram is { } account && node == account.Id;
        if (node is not "me" && node != page.Id && !onInstagramEdge) throw GraphErrors.Unsupported(call.Method, node);

        call.BusinessObjectId = onInstagramEdge ? page.Instagram!.Id : page.Id;
        var id = plainId ?? Id(call.Object("recipient") ?? throw GraphErrors.MissingParameter("recipient"));
        var customer = Resolve(call, page, onInstagramEdge, id);

        call.Channel = customer.Channel;
        call.BusinessObjectId = customer.AccountId;
        call.RequirePermission(
            customer.Channel is Channel.Messenger ? Permissions.PagesMessaging : Permissions.InstagramManageMessages, 10);
        if (customer.Channel is Channel.Instagram && page.Instagram is { AllowsMessageAccess: false })
            throw GraphErrors.Refuse(200, 2534041);
        return (page, customer);
    }

    private static string Id(JsonObject recipient)
    {
        var given = Kinds.Where(recipient.ContainsKey).ToList();
        if (given.Count is not 1)
            throw GraphErrors.InvalidParameter($"Param recipient must have exactly one of {{{string.Join(", ", Kinds)}}}");

        // Recipients by comment, plugin or phone number are not simulated, so none of them exists.
        if (given[0] is not "id") throw GraphErrors.Refuse(100, 2018001);
        return GraphCall.AsText(recipient["id"]) ?? throw GraphErrors.MissingParameter("recipient[id]");
    }

    private static Customer Resolve(GraphCall call, Page page, bool onInstagramEdge, string id)
    {
        var customer = call.Platform.FindCustomer(id);
        if (onInstagramEdge)
        {
            return customer is { Channel: Channel.Instagram } && customer.AccountId == page.Instagram!.Id
                ? customer
                : throw GraphErrors.Refuse(100, 2534014);
        }

        if (customer is null || customer.PageId != page.Id) throw GraphErrors.Refuse(100, 2018001);
        return call.Platform.IsLinked(customer) ? customer : throw GraphErrors.Refuse(100, 2534013);
    }
}
