using Refit;

namespace MetaMessaging.Infrastructure.Graph;

internal static class GraphRegistration
{
    public static IServiceCollection AddGraph(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<GraphOptions>()
            .Bind(configuration.GetSection(GraphOptions.Section))
            .Validate(options => options.HasGraphAddress, "Meta:GraphBaseUrl must be an absolute http or https address.")
            .Validate(options => options.HasDialogAddress, "Meta:DialogBaseUrl must be an absolute http or https address.")
            .Validate(options => options.HasVersion, "Meta:GraphVersion must look like v25.0.")
            .Validate(
                options => options.HasTimeouts,
                $"Meta's time-outs must be positive, Meta:SendTimeout at most {Message.MaxSendTime.TotalSeconds:0} and "
                + $"Meta:UploadTimeout below {Message.UploadClaimExtension.TotalSeconds:0} seconds.")
            .ValidateOnStart();

        services.AddSingleton<GraphUsage>();
        services.AddSingleton<GraphBudget>();
        services.AddSingleton<IGraphBudget>(provider => provider.GetRequiredService<GraphBudget>());
        services.AddSingleton<GraphMeter>();
        services.AddSingleton<GraphForms>();
        services.AddTransient<GraphHandler>();
        services.AddTransient<GraphAnswerHandler>();
        services.AddTransient<IMetaOAuth, GraphOAuth>();
        services.AddTransient<IMetaPages, GraphPages>();
        services.AddTransient<IMetaMessages, GraphMessages>();
        services.AddTransient<IMetaProfiles, GraphProfiles>();

        var client = services.AddRefitGeneratedClient<IGraphApi>(Settings())
            .ConfigureHttpClient((provider, client) =>
            {
                var options = provider.GetRequiredService<IOptions<GraphOptions>>().Value;
                client.BaseAddress = new Uri($"{options.GraphBaseUrl.AbsoluteUri.TrimEnd('/')}/{options.GraphVersion}");
                client.Timeout = Timeout.InfiniteTimeSpan;   // GraphResilience limits each kind of call
            })
            .ConfigurePrimaryHttpMessageHandler(provider => new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                ConnectTimeout = provider.GetRequiredService<IOptions<GraphOptions>>().Value.ConnectTimeout,
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
                PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
                AutomaticDecompression = DecompressionMethods.None,
            })
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .RemoveAllLoggers();   // they log whole addresses, which contain secrets once Meta has refused a form

        // From the outside in.
        client.AddHttpMessageHandler<GraphHandler>();
        client.AddResilienceHandler("graph", (pipeline, context) => GraphResilience.Configure(
            pipeline, context.ServiceProvider.GetRequiredService<IOptions<GraphOptions>>().Value,
            context.ServiceProvider.GetRequiredService<TimeProvider>()));
        client.AddHttpMessageHandler<GraphAnswerHandler>();
        return services;
    }

    private static RefitSettings Settings()
    {
        var settings = RefitSettings.ForJsonContext(GraphJson.Default);

        // The handlers already throw GraphException; Refit would wrap it.
        settings.TransportExceptionFactory = (_, exception, _) => exception;
        settings.DeserializationExceptionFactory = (response, exception) =>
        {
            var call = GraphHandler.KindOf(response.RequestMessage!);
            return new(new GraphException(GraphErrors.NoAnswer("Meta's answer has another shape than documented.", call), exception));
        };
        return settings;
    }
}
