namespace MetaMessaging.Infrastructure.Nodes;

internal static class NodesRegistration
{
    public static void AddNodes(this IServiceCollection services)
    {
        services.AddSingleton<NodeRegistry>();
        services.AddSingleton<PartitionLeases>();
        services.AddHostedService<NodeHeartbeat>();
        services.AddHostedService<NodesMeter>();
    }
}
