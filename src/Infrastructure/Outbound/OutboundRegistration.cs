namespace MetaMessaging.Infrastructure.Outbound;

internal static class OutboundRegistration
{
    public static void AddOutbound(this IServiceCollection services)
    {
        services.AddSingleton<Dispatcher>();
        services.AddSingleton<IDispatcher>(provider => provider.GetRequiredService<Dispatcher>());
        services.AddHostedService(provider => provider.GetRequiredService<Dispatcher>());
    }
}
