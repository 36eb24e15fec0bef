using System.Text.Json.Nodes;
using MetaMessaging.MetaSimulator.State;

namespace MetaMessaging.MetaSimulator.Webhooks;

/// <summary>One element of <c>messaging[]</c>, and what decides where it goes.</summary>
/// <param name="Kind">For people who look at the log: message, echo, read, ...</param>
/// <param name="Field">The subscription field that must be on.</param>
/// <param name="CustomerId">Events of one customer are delivered in order.</param>
internal sealed record WebhookEvent(Channel Channel, string AccountId, string PageId, string CustomerId, string Kind, string Field, JsonObject Body)
{
    /// <summary>Another app owns the thread: the event travels in <c>standby</c> (platform reference, Webhooks → Hand-over and standby).</summary>
    public bool Standby { get; init; }

    public string Object => Channel.WebhookObject();
}
