namespace MetaMessaging.Application.Common;

/// <summary>Tells the other nodes at once what they would find out from the database late or never. A message may be lost.</summary>
public interface INodeMessages
{
    /// <summary>Returns at once. While this node is alone, nothing is stored.</summary>
    /// <param name="message">Is sent as JSON. Of equal ones that are sent at about the same time, only one is.</param>
    void Send(string kind, object message);
}

/// <summary>Gets the messages of one kind that other nodes send.</summary>
public interface INodeMessageHandler
{
    string Kind { get; }

    /// <summary>Messages may come twice. The reader waits for this one before it goes on.</summary>
    Task HandleAsync(JsonElement message);

    /// <summary>This node could not read for so long that the others may have told it nothing.</summary>
    Task MissedAsync() => Task.CompletedTask;
}
