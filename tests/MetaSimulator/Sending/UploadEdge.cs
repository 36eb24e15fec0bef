using System.Text.Json.Nodes;
using MetaMessaging.MetaSimulator.Graph;
using MetaMessaging.MetaSimulator.OAuth;
using MetaMessaging.MetaSimulator.State;

namespace MetaMessaging.MetaSimulator.Sending;

/// <summary>Uploads an attachment for later sends (platform reference, Send API → Attachments).</summary>
internal static class UploadEdge
{
    public static void Map(GraphRoutes routes) =>
        routes.EdgeAsync("POST", "message_attachments", "upload", async call => await HandleAsync(call));

    private static async Task<JsonObject> HandleAsync(GraphCall call)
    {
        var page = call.RequirePage();
        if (call.Path[0] is not "me" && call.Path[0] != page.Id) throw GraphErrors.Unsupported(call.Method, call.Path[0]);

        var channel = ChannelLabels.Parse(call.Text("platform") ?? "messenger")
            ?? throw GraphErrors.InvalidParameter("Param platform must be one of {messenger, instagram}");
        if (channel is Channel.Instagram && page.Instagram is null) throw GraphErrors.Refuse(100, 2534013);
        call.Channel = channel;
        call.BusinessObjectId = page.Id;
        call.RequirePermission(channel is Channel.Messenger ? Permissions.PagesMessaging : Permissions.InstagramManageMessages, 10);

        var message = call.Object("message") ?? throw GraphErrors.MissingParameter("message");
        var attachment = message["attachment"] as JsonObject ?? throw GraphErrors.MissingParameter("message[attachment]");
        var type = GraphCall.AsText(attachment["type"]);
        if (type is null || !AttachmentRules.MediaTypes.Contains(type))
        {
            throw GraphErrors.InvalidParameter(
                $"Param message[attachment][type] must be one of {{audio, file, image, video}} - got \"{type}\".");
        }

        var file = await MessageParts.GetFileAsync(call, page, channel, type, attachment["payload"] as JsonObject ?? []);
        return new JsonObject { ["attachment_id"] = call.Platform.Attachments.Keep(page.Id, channel, type, file) };
    }
}
