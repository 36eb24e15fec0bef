using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MetaMessaging.Domain.Common;

namespace MetaMessaging.Testing;

/// <summary>Builds one element of entry[].messaging[]. Times are seconds after the time of the samples in Payloads/.</summary>
public sealed record MetaEvent(Channel Channel, string Json, bool IsStandby = false)
{
    private const long Clock = 1760000000000;

    public static DateTimeOffset At(double seconds) => DateTimeOffset.FromUnixTimeMilliseconds(Clock + (long)(seconds * 1000));

    public static MetaEvent Text(
        string mid, string text, double at, string? replyTo = null, Channel channel = Channel.FacebookMessenger, string? customer = null) =>
        From(
            channel,
            at,
            "message",
            new JsonObject { ["mid"] = mid, ["text"] = text, ["reply_to"] = replyTo is null ? null : new JsonObject { ["mid"] = replyTo } },
            customer);

    public static MetaEvent Message(string json, double at, Channel channel = Channel.FacebookMessenger, bool byAccount = false) =>
        Of(channel, at, "message", JsonNode.Parse(json)!, byAccount, null);

    public static MetaEvent Echo(
        string mid, string text, double at, string? replyTo = null, Channel channel = Channel.FacebookMessenger, string? customer = null) =>
        Of(channel, at, "message", new JsonObject
        {
            ["mid"] = mid,
            ["text"] = text,
            ["is_echo"] = true,
            ["reply_to"] = replyTo is null ? null : new JsonObject { ["mid"] = replyTo },
        }, byAccount: true, customer);

    public static MetaEvent Unsend(string mid, double at, Channel channel = Channel.FacebookMessenger, bool byAccount = false) =>
        Of(
            channel,
            at,
            "message",
            new JsonObject { ["mid"] = mid, ["is_deleted"] = true, ["is_echo"] = byAccount ? true : null },
            byAccount,
            null);

    public static MetaEvent Edit(string mid, string? text, int number, double at, Channel channel = Channel.FacebookMessenger) =>
        From(channel, at, "message_edit", new JsonObject { ["mid"] = mid, ["text"] = text, ["num_edit"] = number });

    /// <param name="emoji">Null removes the reaction.</param>
    public static MetaEvent Reaction(string mid, string? emoji, double at, Channel channel = Channel.FacebookMessenger) =>
        From(
            channel, at, "reaction", new JsonObject { ["mid"] = mid, ["emoji"] = emoji, ["action"] = emoji is null ? "unreact" : "react" });

    public static MetaEvent Delivered(double upTo, params string[] mids) => From(Channel.FacebookMessenger, upTo, "delivery",
        new JsonObject { ["watermark"] = At(upTo).ToUnixTimeMilliseconds(), ["mids"] = new JsonArray([.. mids.Select(m => (JsonNode)m)]) });

    public static MetaEvent Read(double upTo, string? customer = null) => From(Channel.FacebookMessenger, upTo, "read",
        new JsonObject { ["watermark"] = At(upTo).ToUnixTimeMilliseconds() }, customer);

    public static MetaEvent Seen(string mid, double at) => From(Channel.InstagramDm, at, "read", new JsonObject { ["mid"] = mid });

    /// <summary>Anything else from the customer.</summary>
    public static MetaEvent Other(string key, string json, double at, Channel channel = Channel.FacebookMessenger) =>
        From(channel, at, key, JsonNode.Parse(json)!);

    public static MetaEvent Policy(string action, string? reason, double at) => new(Channel.FacebookMessenger, new JsonObject
    {
        ["recipient"] = new JsonObject { ["id"] = Some.PageId },
        ["timestamp"] = At(at).ToUnixTimeMilliseconds(),
        ["policy_enforcement"] = new JsonObject { ["action"] = action, ["reason"] = reason },
    }.ToJsonString());

    /// <summary>Builds one delivery for each channel, with an entry for each event.</summary>
    public static IEnumerable<byte[]> Deliver(params IEnumerable<MetaEvent> events) => events.GroupBy(e => e.Channel).Select(ofChannel =>
    {
        var (name, account) = ofChannel.Key is Channel.FacebookMessenger ? ("page", Some.PageId) : ("instagram", Some.IgAccountId);
        var entries = ofChannel.Select(e =>
            $$"""{"id":"{{account}}","time":{{Clock}},"{{(e.IsStandby ? "standby" : "messaging")}}":[{{e.Json}}]}""");
        return Encoding.UTF8.GetBytes($$"""{"object":"{{name}}","entry":[{{string.Join(',', entries)}}]}""");
    });

    private static MetaEvent From(Channel channel, double at, string key, JsonNode content, string? customer = null) =>
        Of(channel, at, key, content, false, customer);

    private static MetaEvent Of(Channel channel, double at, string key, JsonNode content, bool byAccount, string? customer)
    {
        var account = channel is Channel.FacebookMessenger ? Some.PageId : Some.IgAccountId;
        customer ??= channel is Channel.FacebookMessenger ? Some.Psid : Some.Igsid;
        var whole = new JsonObject
        {
            ["sender"] = new JsonObject { ["id"] = byAccount ? account : customer },
            ["recipient"] = new JsonObject { ["id"] = byAccount ? customer : account },
            ["timestamp"] = At(at).ToUnixTimeMilliseconds(),
            [key] = content,
        };
        return new MetaEvent(channel, whole.ToJsonString(JsonSerializerOptions.Default));
    }
}
