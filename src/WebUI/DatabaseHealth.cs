using MetaMessaging.Application.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MetaMessaging.WebUI;

/// <summary>Ready means that the database answers; the schema was migrated before the first request.</summary>
internal sealed class DatabaseHealth(IAppDbContext db, OrganizationScope scope) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        scope.EnterSystem();   // as the start did: an organization's view would have to be built first, and nobody asked for one yet
        return await db.SystemConfig.AnyAsync(cancellationToken)
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy("There is no system configuration.");
    }
}
