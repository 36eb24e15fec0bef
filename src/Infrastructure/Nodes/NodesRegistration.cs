namespace MetaMessaging.Infrastructure.Nodes;

internal static class NodesRegistration
{
    public static void AddNodes(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<NodeRegistry>();
        services.AddSingleton<PartitionLeases>();
        services.AddSingleton<HungNodes>();
        services.AddHostedService<NodeHeartbeat>();
        services.AddHostedService<NodesMeter>();
        services.AddSingleton(RedisOptions.Read(configuration));
        services.AddSingleton<INodes, RunningNodes>();
        services.AddSingleton<NodeWakeUps>();
        services.AddHostedService(provider => provider.GetRequiredService<NodeWakeUps>());
        services.AddSingleton<NodeMessageQueue>();
        services.AddSingleton<INodeMessages>(provider => provider.GetRequiredService<NodeMessageQueue>());
        services.AddHostedService<NodeMessageWriter>();
        services.AddHostedService<NodeMessageReader>();
    }
}
