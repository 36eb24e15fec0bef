using Microsoft.Extensions.DependencyInjection;

namespace MetaMessaging.Application;

public static class DependencyInjection
{
    /// <summary>Once: Mapster's settings belong to the process, in which several apps may run, and cannot change while one maps.</summary>
    static DependencyInjection()
    {
        TypeAdapterConfig.GlobalSettings.RequireDestinationMemberSource = true;
        TypeAdapterConfig.GlobalSettings.Scan(typeof(DependencyInjection).Assembly);
    }

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
        return services;
    }
}
