namespace MetaMessaging.Infrastructure;

internal static class AllOrganizationsScope
{
    public static AsyncServiceScope CreateAllOrganizationsScope(this IServiceProvider services)
    {
        var scope = services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<OrganizationScope>().EnterAllOrganizations();
        return scope;
    }
}
