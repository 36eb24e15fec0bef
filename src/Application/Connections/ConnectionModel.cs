namespace MetaMessaging.Application.Connections;

public sealed record ConnectionModel(
    long Id, string PageId, string PageName, string? InstagramAccountId, string? InstagramUsername, ConnectionState State,
    IReadOnlyList<Channel> Channels, DateTimeOffset ConnectedAt, DateTimeOffset? TokenExpiresAt, DateTimeOffset? LastEventAt,
    string? Problem);

internal sealed class ConnectionModelMapping : IRegister
{
    public void Register(TypeAdapterConfig config) => config.NewConfig<PageConnection, ConnectionModel>()
        .Map(model => model.InstagramAccountId, connection => connection.IgAccountId)
        .Map(model => model.InstagramUsername, connection => connection.IgUsername)
        .Map(model => model.State, connection => StateOf(connection))
        .Map(model => model.Problem, connection => ProblemOf(connection));

    // The token reads as null when its encryption key is lost; the row still says Active then.
    private static ConnectionState StateOf(PageConnection connection) =>
        connection is { State: ConnectionState.Active, PageAccessToken: null } ? ConnectionState.ReauthorizationRequired : connection.State;

    private static string? ProblemOf(PageConnection connection) =>
        connection is { State: ConnectionState.Active, PageAccessToken: null }
            ? "The stored access token can no longer be read. Reconnect the Page."
            : connection.Problem ?? connection.PolicyProblem;
}
