using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Conversations;
using MetaMessaging.Testing;

namespace MetaMessaging.Application.Tests.Outbound;

/// <summary>The webhook body of Meta's echo of a message that we sent.</summary>
internal static class EchoPayload
{
    /// <param name="type">Meta's type of the attachment; null for the text "one".</param>
    public static byte[] Of(Message message, string mid, string? type)
    {
        var (connection, customer) = (message.Conversation?.Connection, message.Conversation?.ScopedUserId ?? Some.Psid);
        var isMessenger = message.Channel is Channel.FacebookMessenger;
        var account = isMessenger ? connection?.PageId ?? Some.PageId : connection!.IgAccountId!;
        var content = type is null
            ? "\"text\":\"one\""
            : $"\"attachments\":[{{\"type\":\"{type}\",\"payload\":{{\"url\":\"https://scontent.xx.fbcdn.net/cup.png\"}}}}]";
        var ours = isMessenger ? $"\"app_id\":123456789012345,\"metadata\":\"{message.Metadata}\"," : "";
        var messaging = $$$"""
            {"sender":{"id":"{{{account}}}"},"recipient":{"id":"{{{customer}}}"},"timestamp":1760000300000,
            "message":{"mid":"{{{mid}}}","is_echo":true,{{{ours}}}{{{content}}}}}
            """;
        return isMessenger
            ? Payload.Event(account, 1760000300000, messaging)
            : System.Text.Encoding.UTF8.GetBytes(
                $$$"""{"object":"instagram","entry":[{"id":"{{{account}}}","time":1760000300000,"messaging":[{{{messaging}}}]}]}""");
    }
}
