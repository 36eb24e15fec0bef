using MetaMessaging.Application.Common;
using Microsoft.Extensions.DependencyInjection;

namespace MetaMessaging.Infrastructure;

/// <summary>A unit of work for those who serve every organization: the pump, the dispatcher, jobs, the start.</summary>
internal static class SystemScope
{
    public static AsyncServiceScope CreateSystemScope(this IServiceProvider services)
    {
        var scope = services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<OrganizationScope>().EnterSystem();
        return scope;
    }
}
