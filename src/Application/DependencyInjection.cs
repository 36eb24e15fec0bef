using Microsoft.Extensions.DependencyInjection;

namespace MetaMessaging.Application;

public static class DependencyInjection
{
    /// <summary>Finds everything that a slice consists of by scanning; a new slice registers nothing.</summary>
    public static IServiceCollection AddApplication(this IServiceCollection services)
    {
        services.AddTransient<ServiceFactory>(provider => provider.GetService!);
        services.AddTransient<IMediator, Mediator>();
        services.AddTransient(typeof(IPipelineBehavior<,>), typeof(LoggingBehaviour<,>));
        services.AddTransient(typeof(IPipelineBehavior<,>), typeof(ValidationBehaviour<,>));
        services.Scan(scan => scan.FromAssemblyOf<OrganizationScope>()
            .AddClasses(classes => classes.AssignableTo(typeof(IRequestHandler<,>)), publicOnly: false)
            .AsImplementedInterfaces().WithTransientLifetime()
            .AddClasses(classes => classes.AssignableTo(typeof(INotificationHandler<>)), publicOnly: false)
            .AsImplementedInterfaces().WithTransientLifetime()
            .AddClasses(classes => classes.AssignableTo<IRecurringJob>())
            .As<IRecurringJob>().WithTransientLifetime()
            .AddClasses(classes => classes.AssignableTo<IRecovery>(), publicOnly: false)
            .As<IRecovery>().WithTransientLifetime()
            .AddClasses(classes => classes.AssignableTo<IMediaReferences>(), publicOnly: false)
            .As<IMediaReferences>().WithTransientLifetime()
            .AddClasses(classes => classes.AssignableTo<IScopedService>(), publicOnly: false)
            .AsSelf().WithScopedLifetime());
        services.AddValidatorsFromAssemblyContaining<OrganizationScope>(ServiceLifetime.Singleton, includeInternalTypes: true);

        TypeAdapterConfig.GlobalSettings.RequireDestinationMemberSource = true;
        TypeAdapterConfig.GlobalSettings.Scan(typeof(DependencyInjection).Assembly);
        return services;
    }
}
