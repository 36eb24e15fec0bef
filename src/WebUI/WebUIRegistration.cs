using FluentValidation.AspNetCore;
using Hangfire;
using MetaMessaging.WebUI.Api;
using MetaMessaging.WebUI.Api.Inbound;
using MetaMessaging.WebUI.BackOffice;
using MetaMessaging.WebUI.Errors;
using MetaMessaging.WebUI.Live;
using MetaMessaging.WebUI.Monitoring;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.Razor;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.Extensions.FileProviders;
using Microsoft.Net.Http.Headers;
using Scalar.AspNetCore;
using Serilog;

namespace MetaMessaging.WebUI;

/// <summary>Registers what HTTP needs: services, the middleware pipeline and the routes.</summary>
internal static class WebUIRegistration
{
    public static void AddWebUI(this WebApplicationBuilder builder)
    {
        // The default is not "Urls" in appsettings.json, because that would override ASPNETCORE_URLS.
        string[] addressKeys = ["urls", "http_ports", "https_ports"];
        if (!addressKeys.Any(key => builder.Configuration[key] is { Length: > 0 })) builder.WebHost.UseUrls("http://localhost:5080");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);

        var services = builder.Services;
        services.AddSerilog(
            (provider, logger) => logger.ReadFrom.Configuration(builder.Configuration).ReadFrom.Services(provider)
                .Filter.ByExcluding(StartFailure.IsLoggedTwice),
            preserveStaticLogger: true);   // several apps in one process log apart
        services.AddSecurity();
        services.AddApiKeyRateLimit(builder.Configuration);
        services.AddContentSecurity(PublicAddressOptions.Read(builder.Configuration).IsHttps);
        services.AddHttpContextAccessor();
        services.AddPublicAddress(builder.Configuration);
        services.AddOptions<WebhookLimits>().Bind(builder.Configuration.GetSection(WebhookLimits.Section))
            .Validate(limits => limits.IsValid, $"Webhooks:MaxBodyBytes lies between 1 and {WebhookLimits.MaxValue}.").ValidateOnStart();

        // Registered before the framework's writers, because the first one that can write a problem is used.
        services.AddSingleton<IProblemDetailsWriter, ApiProblemWriter>();
        services.AddProblemDetails(options => options.CustomizeProblemDetails = context => ProblemCodes.Complete(context.ProblemDetails));
        services.AddExceptionHandler<ProblemDetailsExceptionHandler>();
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.ConfigureHttpJsonOptions(options => ApiJson.Configure(options.SerializerOptions));
        services.AddApiDocument();
        services.AddHealthChecks().AddCheck<GracefulStop>("stop").AddCheck<DatabaseHealth>("database");
        services.AddGracefulStop(builder.Configuration);
        services.AddMonitoring(builder.Configuration);

        services.AddResponseCompression(options =>
        {
            options.EnableForHttps = true;
            // Static files only: the size of a compressed page would reveal secrets in it, such as the antiforgery token (BREACH).
            options.MimeTypes = ["text/css", "text/javascript", "image/svg+xml"];
        });
        services.AddControllersWithViews(options =>
        {
            options.Filters.Add(new ReadableForm());
            // The address of a form says what it changes, not a field that is called like a part of the address.
            var address = options.ValueProviderFactories.OfType<RouteValueProviderFactory>().Single();
            options.ValueProviderFactories.Remove(address);
            options.ValueProviderFactories.Insert(0, address);
        });
        services.AddFluentValidationAutoValidation().AddFluentValidationClientsideAdapters();
        // Otherwise each date field of a filter would add "__Invariant=…" to the address of the list.
        services.Configure<MvcViewOptions>(options =>
            options.HtmlHelperOptions.FormInputRenderMode = FormInputRenderMode.AlwaysUseCurrentCulture);
        services.AddOptions<MvcViewOptions>().PostConfigure<IHttpContextAccessor, IModelMetadataProvider>((views, http, metadata) =>
            views.ClientModelValidatorProviders.Add(
                new RequestRulesProvider(new FluentValidationClientModelValidatorProvider(http), metadata)));
        services.Configure<RazorViewEngineOptions>(options =>
        {
            options.ViewLocationFormats.Clear();
            options.ViewLocationFormats.Add("/BackOffice/{1}/{0}.cshtml");
            options.ViewLocationFormats.Add("/BackOffice/Shared/{0}.cshtml");
        });
        services.AddSignalR();
        services.AddSingleton<SignalRLiveUpdates>();
        services.AddSingleton<ILiveUpdates>(provider => provider.GetRequiredService<SignalRLiveUpdates>());
        services.AddSingleton<INodeMessageHandler>(provider => provider.GetRequiredService<SignalRLiveUpdates>());
        services.AddSingleton<LiveConnections>();
        services.AddSingleton<ILiveConnections>(provider => provider.GetRequiredService<LiveConnections>());
        services.AddHostedService(provider => provider.GetRequiredService<LiveConnections>());
        services.AddSingleton<Presence>();
        services.AddHostedService(provider => provider.GetRequiredService<Presence>());
        services.AddSingleton<INodeMessageHandler>(provider => provider.GetRequiredService<Presence>());
    }

    public static void UseWebUI(this WebApplication app)
    {
        app.Use(app.Services.GetRequiredService<GracefulStop>().CloseConnectionAsync);
        app.UsePublicAddress();
        app.UseSecurityHeaders();
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandlingPath = "/error",
            SuppressDiagnosticsCallback = context => ProblemDetailsExceptionHandler.IsRefusal(context.Exception),
        });
        app.Use(AnswerHeadAsGet);
        // Before the routing, which has to find the error page's route when the request is run again.
        app.UseWhen(context => context.Request.WantsPage(), pages => pages.UseStatusCodePagesWithReExecute("/error/{0}"));
        app.UseWhen(context => !context.Request.WantsPage(), calls => calls.UseStatusCodePages());
        app.UseRouting();   // webhook deliveries are answered here and skip the middleware below
        app.Use(RefuseUnknownCharset);
        app.UseResponseCompression();
        ServePageStyles(app.Environment);
        // Scripts import one another without a version in the address, so browsers have to revalidate them.
        app.UseStaticFiles(new StaticFileOptions
        {
            OnPrepareResponse = file => file.Context.Response.Headers.CacheControl =
                file.Context.Request.Query.ContainsKey("v") ? "public, max-age=31536000, immutable" : "no-cache",
        });
        app.UseHubRequests();
        app.UseWhen(
            context => context.Request.Path.StartsWithSegments(OpenIdSignIn.Path),
            openId => openId.Use(OpenIdSignIn.UseCurrentSettingsAsync));
        app.UseAuthentication();
        app.UseMiddleware<ResolveCallerMiddleware>();
        app.UseMiddleware<RequireSecondFactor>();
        app.UseRateLimiter();
        app.UseAuthorization();
        app.UseHubCallers();
    }

    public static void MapWebUI(this WebApplication app)
    {
        app.MapEndpoints();
        app.MapGet("/favicon.ico", () => TypedResults.LocalRedirect("~/favicon.svg")).AllowAnonymous().ExcludeFromDescription();
        app.MapControllers();
        app.MapHub<InboxHub>(InboxHub.Path);
        app.MapMonitoring();
        app.MapOpenApi("/openapi/{documentName}.json").AllowAnonymous();
        app.MapScalarApiReference("/api/docs", options => options
            .WithTitle("MetaMessaging API")
            .DisableDefaultFonts().DisableTelemetry().DisableAgent().DisableMcp()   // no request to another host
            .HideClientButton().HideDeveloperTools()).AllowAnonymous();
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false }).AllowAnonymous();
        app.MapHealthChecks("/health/ready", new HealthCheckOptions { ResponseWriter = DatabaseHealth.WriteAsync }).AllowAnonymous();
    }

    /// <summary>After the database was prepared, because Hangfire creates its tables here on SQL Server.</summary>
    public static void MapJobs(this WebApplication app) =>
        app.MapHangfireDashboardWithAuthorizationPolicy(Policies.Jobs, "/hangfire", new DashboardOptions
        {
            Authorization = [],   // the policy decides; Hangfire's default filter lets every local request in
            DashboardTitle = "MetaMessaging jobs",
            AppPath = "/inbox",
            DisplayStorageConnectionString = false,
        });

    /// <summary>
    /// A page's style sheets lie in the page's folder: /Inbox/thread.css is BackOffice/Inbox/thread.css.
    /// The views beside them are never served, because the static file middleware knows no content type for .cshtml and .cs.
    /// </summary>
    private static void ServePageStyles(IWebHostEnvironment environment)
    {
        var pages = Path.Combine(environment.ContentRootPath, "BackOffice");
        if (!Directory.Exists(pages)) return;
        environment.WebRootFileProvider = new CompositeFileProvider(environment.WebRootFileProvider, new PhysicalFileProvider(pages));
    }

    /// <summary>Routes name GET alone. Kestrel knows the real method and sends the headers without the body.</summary>
    private static async Task AnswerHeadAsGet(HttpContext context, RequestDelegate next)
    {
        var method = context.Request.Method;
        if (HttpMethods.IsHead(method))
        {
            context.Request.Method = HttpMethods.Get;
            context.MarkAsHead();
        }

        try
        {
            await next(context);
        }
        finally
        {
            context.Request.Method = method;
        }
    }

    /// <summary>Without this, the framework answers 500 when the JSON of a request names an encoding that does not exist.</summary>
    private static Task RefuseUnknownCharset(HttpContext context, RequestDelegate next) =>
        MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type) && type.Charset.HasValue && type.Encoding is null
            ? throw new BadHttpRequestException("This charset does not exist.", StatusCodes.Status415UnsupportedMediaType)
            : next(context);
}
