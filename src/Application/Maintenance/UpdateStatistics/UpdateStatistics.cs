namespace MetaMessaging.Application.Maintenance;

/// <summary>Tells the database's planner how its tables have grown (docs/adr/0029).</summary>
[NotAudited("It changes no row that anybody sees.")]
public sealed record UpdateStatistics : IRecurringJob { string IRecurringJob.Schedule => "20 3 * * *"; }

internal sealed class UpdateStatisticsHandler(IPlannerStatistics statistics) : AsyncRequestHandler<UpdateStatistics>
{
    protected override Task Handle(UpdateStatistics request, CancellationToken cancellationToken) =>
        statistics.UpdateAsync(cancellationToken);
}
