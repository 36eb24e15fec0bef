using MetaMessaging.Application.Inbound;

namespace MetaMessaging.Infrastructure.Inbound;

internal static class InboundRegistration
{
    public static void AddInbound(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<WakeUpSignal>();
        services.AddSingleton<WebhookTraffic>();
        services.AddSingleton<InboundLoadShedding>();
        services.AddSingleton<ILoadShedding>(provider => provider.GetRequiredService<InboundLoadShedding>());
        services.AddSingleton<GroupCommitWriter>();
        services.AddSingleton<IWebhookInbox>(provider => provider.GetRequiredService<GroupCommitWriter>());
        services.AddHostedService(provider => provider.GetRequiredService<GroupCommitWriter>());
        services.AddHostedService<InboundWorker>();
        services.AddSingleton<RefusedSignatureCounter>();
        services.AddSingleton<IRefusedSignatures>(provider => provider.GetRequiredService<RefusedSignatureCounter>());
        services.AddHostedService(provider => provider.GetRequiredService<RefusedSignatureCounter>());
        services.AddOptions<WebhookRetention>().Bind(configuration.GetSection(WebhookRetention.Section))
            .Validate(retention => retention.IsValid, "Webhooks:RetentionDays lies between 1 and 3650.").ValidateOnStart();
    }
}
