namespace MetaMessaging.Application.Connections;

/// <param name="Problem">The worst of the problems.</param>
public sealed record ConnectionModel(
    long Id, string PageId, string PageName, string? InstagramAccountId, string? InstagramUsername, ConnectionState State,
    IReadOnlyList<Channel> Channels, DateTimeOffset ConnectedAt, DateTimeOffset? TokenExpiresAt, DateTimeOffset? LastEventAt,
    string? Problem, IReadOnlyList<ConnectionProblemModel> Problems);

/// <param name="Code">The check that finds it.</param>
/// <param name="Action">What solves it.</param>
public sealed record ConnectionProblemModel(
    ConnectionProblemCode Code, ConnectionProblemSeverity Severity, string Detail, ConnectionProblemAction Action, DateTimeOffset Since);

internal sealed class ConnectionModelMapping : IRegister
{
    public void Register(TypeAdapterConfig config) => config.NewConfig<PageConnection, ConnectionModel>()
        .Map(model => model.InstagramAccountId, connection => connection.IgAccountId)
        .Map(model => model.InstagramUsername, connection => connection.IgUsername)
        .Map(model => model.State, connection => StateOf(connection))
        .Map(model => model.Problem, connection => ProblemsOf(connection).Select(problem => problem.Detail).FirstOrDefault())
        .Map(model => model.Problems, connection => ProblemsOf(connection));

    // The token reads as null when its encryption key is lost; the row still says Active then.
    private static ConnectionState StateOf(PageConnection connection) =>
        connection is { State: ConnectionState.Active, PageAccessToken: null } ? ConnectionState.ReauthorizationRequired : connection.State;

    private static IEnumerable<ConnectionProblem> ProblemsOf(PageConnection connection)
    {
        var problems = connection.Problems.AsEnumerable();
        if (connection is { State: ConnectionState.Active, PageAccessToken: null })
        {
            const string Lost = "The stored access token can no longer be read. Reconnect the Page.";
            problems = problems.Prepend(new ConnectionProblem(ConnectionProblemCode.Token, Lost, connection.ConnectedAt));
        }

        if (connection is { PolicyProblem: { } policy, PolicyAt: { } at })
            problems = problems.Append(new ConnectionProblem(ConnectionProblemCode.Policy, policy, at));
        return problems.OrderBy(problem => problem.Code);
    }
}
