using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MetaMessaging.WebUI;

/// <summary>Reports ready while the database answers. The schema was migrated before the first request.</summary>
internal sealed class DatabaseHealth(IAppDbContext db, OrganizationScope scope) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        // EF Core built the model without a filter at the start; building an organization's model would delay the first check.
        scope.EnterAllOrganizations();
        return await db.SystemConfig.AnyAsync(cancellationToken)
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy("There is no system configuration.");
    }
}
