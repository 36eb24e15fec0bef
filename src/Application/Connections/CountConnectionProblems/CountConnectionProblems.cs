namespace MetaMessaging.Application.Connections;

/// <summary>Counts the connections with a problem, for the number that admins see beside Integrations on every page.</summary>
public sealed record CountConnectionProblems : IRequest<int>;

internal sealed class CountConnectionProblemsHandler(IAppDbContext db) : IRequestHandler<CountConnectionProblems, int>
{
    public async Task<int> Handle(CountConnectionProblems request, CancellationToken cancellationToken)
    {
        var connections = await db.Connections.Where(c => c.State != ConnectionState.Disconnected)
            .Select(c => new { c.Problems, IsPolicyProblem = c.PolicyAction == "block" || c.PolicyAction == "warning" })
            .ToListAsync(cancellationToken);
        return connections.Count(c => c.Problems.Count > 0 || c.IsPolicyProblem);
    }
}
