namespace MetaMessaging.Domain.Connections;

/// <summary>What can be wrong with a connection, the worst first. A connection has at most one problem of each kind.</summary>
public enum ConnectionProblemCode
{
    Token, Restriction, Permissions, PageSubscription, AppSubscription, Policy, TokenExpiry, DataAccess,
}

/// <summary>With Failed, messages are not sent until somebody acts.</summary>
public enum ConnectionProblemSeverity { Warning, Failed }

public enum ConnectionProblemAction { Reconnect, Resubscribe, FixWebhook, OpenMeta }

/// <param name="Detail">What is wrong and what an admin can do about it.</param>
public sealed record ConnectionProblem(ConnectionProblemCode Code, string Detail, DateTimeOffset Since)
{
    public ConnectionProblemSeverity Severity => Code is ConnectionProblemCode.Token or ConnectionProblemCode.Restriction
        ? ConnectionProblemSeverity.Failed
        : ConnectionProblemSeverity.Warning;

    public ConnectionProblemAction Action => Code switch
    {
        ConnectionProblemCode.Restriction or ConnectionProblemCode.Policy => ConnectionProblemAction.OpenMeta,
        ConnectionProblemCode.PageSubscription => ConnectionProblemAction.Resubscribe,
        ConnectionProblemCode.AppSubscription => ConnectionProblemAction.FixWebhook,
        _ => ConnectionProblemAction.Reconnect,
    };
}
