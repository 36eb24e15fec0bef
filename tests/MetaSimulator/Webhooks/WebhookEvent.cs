using System.Text.Json.Nodes;
using MetaMessaging.MetaSimulator.State;

namespace MetaMessaging.MetaSimulator.Webhooks;

/// <summary>One element of <c>messaging[]</c>, with what the subscriptions are checked against.</summary>
/// <param name="Kind">A name for the delivery log: message, echo, read, ...</param>
/// <param name="Field">The subscription field that it belongs to.</param>
/// <param name="CustomerId">Events of one customer are delivered in order.</param>
internal sealed record WebhookEvent(
    Channel Channel, string AccountId, string PageId, string CustomerId, string Kind, string Field, JsonObject Body)
{
    /// <summary>
    /// Another app owns the thread: the event travels in <c>standby</c> (platform reference, Webhooks → Hand-over and standby).
    /// </summary>
    public bool Standby { get; init; }

    public string Object => Channel.WebhookObject();
}
