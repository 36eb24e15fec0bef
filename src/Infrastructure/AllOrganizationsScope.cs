namespace MetaMessaging.Infrastructure;

internal static class AllOrganizationsScope
{
    /// <summary>Begins a unit of work that sees every organization's rows.</summary>
    public static AsyncServiceScope CreateAllOrganizationsScope(this IServiceProvider services)
    {
        var scope = services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<OrganizationScope>().EnterAllOrganizations();
        return scope;
    }
}
