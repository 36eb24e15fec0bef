using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.SignalR;

namespace MetaMessaging.WebUI.Live;

/// <summary>Sends updates to the browsers of this node, and to the other nodes for theirs.</summary>
internal sealed class SignalRLiveUpdates(IHubContext<InboxHub> hub, INodeMessages nodes, ILogger<SignalRLiveUpdates> logger)
    : ILiveUpdates, INodeMessageHandler
{
    public string Kind => "live";

    public Task MessageCreatedAsync(long organizationId, long conversationId, long messageId) =>
        SendEverywhere(new LiveUpdate(LiveEvent.MessageCreated, organizationId, conversationId, messageId));

    public Task MessageUpdatedAsync(long organizationId, long conversationId, long messageId) =>
        SendEverywhere(new LiveUpdate(LiveEvent.MessageUpdated, organizationId, conversationId, messageId));

    public Task ConversationUpdatedAsync(long organizationId, long conversationId) =>
        SendEverywhere(new LiveUpdate(LiveEvent.ConversationUpdated, organizationId, conversationId, null));

    public async Task HandleAsync(JsonElement message)
    {
        var update = message.Deserialize<LiveUpdate>()!;
        using var activity = Tracing.Continue("live update", update.TraceParent);
        await Send(update);
    }

    /// <summary>Pages then load what they show again.</summary>
    public Task MissedAsync()
    {
        hub.Clients.All.Post("missed", logger);
        return Task.CompletedTask;
    }

    private Task SendEverywhere(LiveUpdate update)
    {
        nodes.Send(Kind, update with { TraceParent = Tracing.CurrentContext });
        return Send(update);
    }

    private Task Send(LiveUpdate update)
    {
        object ids = update.MessageId is { } messageId
            ? new { messageId, conversationId = update.ConversationId }
            : new { conversationId = update.ConversationId };
        var name = JsonNamingPolicy.CamelCase.ConvertName(update.Event.ToString());
        hub.Clients.Group(InboxHub.GroupOf(update.OrganizationId)).Post(name, ids, logger);
        return Task.CompletedTask;
    }
}

internal enum LiveEvent { MessageCreated, MessageUpdated, ConversationUpdated }

/// <summary>With short names, because busy nodes tell each other thousands in a second.</summary>
internal sealed record LiveUpdate(
    [property: JsonPropertyName("e")] LiveEvent Event,
    [property: JsonPropertyName("o")] long OrganizationId,
    [property: JsonPropertyName("c")] long ConversationId,
    [property: JsonPropertyName("m")] long? MessageId,
    [property: JsonPropertyName("t"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? TraceParent = null);
