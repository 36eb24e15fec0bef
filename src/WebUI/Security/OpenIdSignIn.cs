using System.Security.Claims;
using FluentValidation;
using MetaMessaging.Application.SystemConfiguration;
using MetaMessaging.Application.UserAccounts;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace MetaMessaging.WebUI.Security;

/// <summary>
/// Sign-in through the provider in System Config. Its scheme is added, replaced and removed when a request needs it, so that a change takes
/// effect without a restart, and on every node.
/// </summary>
internal sealed partial class OpenIdSignIn(
    IAuthenticationSchemeProvider schemes, IOptionsMonitorCache<OpenIdConnectOptions> cache, ILogger<OpenIdSignIn> logger)
    : IConfigureNamedOptions<OpenIdConnectOptions>
{
    public const string Scheme = "OpenId";
    public const string Path = "/account/openid";

    private readonly Lock changing = new();
    private volatile OpenIdSettings? current;

    public static IServiceCollection Add(IServiceCollection services)
    {
        services.AddSingleton<OpenIdSignIn>();
        services.AddSingleton<IConfigureOptions<OpenIdConnectOptions>>(provider => provider.GetRequiredService<OpenIdSignIn>());
        services.AddTransient<OpenIdConnectHandler>();
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IPostConfigureOptions<OpenIdConnectOptions>, OpenIdConnectPostConfigureOptions>());
        return services;
    }

    /// <summary>Before the authentication, which passes the provider's answer to the scheme.</summary>
    public static async Task UseCurrentSettingsAsync(HttpContext context, RequestDelegate next)
    {
        var settings = await context.RequestServices.GetRequiredService<IMediator>().Send(new GetOpenIdSettings(), context.RequestAborted);
        context.RequestServices.GetRequiredService<OpenIdSignIn>().Use(settings);
        await next(context);
    }

    public void Configure(OpenIdConnectOptions options) => Configure(Options.DefaultName, options);

    public void Configure(string? name, OpenIdConnectOptions options)
    {
        if (name != Scheme || current is not { } settings) return;
        options.Authority = settings.Authority.AbsoluteUri;
        options.RequireHttpsMetadata = settings.Authority.Scheme == Uri.UriSchemeHttps;   // http is for this machine only
        (options.ClientId, options.ClientSecret) = (settings.ClientId, settings.ClientSecret);
        (options.ResponseType, options.ResponseMode) = ("code", "query");
        options.CallbackPath = $"{Path}/callback";
        options.MapInboundClaims = false;
        options.GetClaimsFromUserInfoEndpoint = true;
        options.Scope.Add("email");
        options.ClaimActions.MapUniqueJsonKey("email_verified", "email_verified");
        // The provider answers by a redirect, which sends Lax cookies; None would need https.
        (options.CorrelationCookie.SameSite, options.NonceCookie.SameSite) = (SameSiteMode.Lax, SameSiteMode.Lax);
        options.CorrelationCookie.SecurePolicy = options.NonceCookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        options.Events.OnTicketReceived = CompleteAsync;
        options.Events.OnRemoteFailure = context => RefuseAsync(context, context.Failure);
    }

    private void Use(OpenIdSettings? settings)
    {
        lock (changing)
        {
            if (settings == current) return;
            schemes.RemoveScheme(Scheme);
            cache.TryRemove(Scheme);
            current = settings;
            if (settings is not null) schemes.AddScheme(new AuthenticationScheme(Scheme, settings.Name, typeof(OpenIdConnectHandler)));
        }
    }

    private async Task CompleteAsync(TicketReceivedContext context)
    {
        var (mediator, person) = (context.HttpContext.RequestServices.GetRequiredService<IMediator>(), context.Principal!);
        var subject = person.FindFirst("sub");
        var request = new SignInWithOpenId(
            subject?.Issuer, subject?.Value, person.FindFirstValue("email"),
            person.FindFirstValue("email_verified") is "true" or "True", person.FindFirstValue("name"));
        try
        {
            var user = await mediator.Send(request, context.HttpContext.RequestAborted);
            await context.HttpContext.StartSessionAsync(mediator, user, isPersistent: false, context.HttpContext.RequestAborted);
            context.Response.Redirect(context.ReturnUri ?? "/");
            context.HandleResponse();
        }
        catch (TwoFactorRequiredException exception)
        {
            TwoFactorCookie.Write(context.HttpContext, exception.Token);
            context.Response.Redirect("/account/login/two-factor");
            context.HandleResponse();
        }
        catch (Exception exception) when (exception is UnauthenticatedException or ValidationException)
        {
            await RefuseAsync(context, exception);
        }
    }

    private Task RefuseAsync(HandleRequestContext<RemoteAuthenticationOptions> context, Exception? exception)
    {
        LogRefused(exception);
        context.Response.Redirect($"/account/login?refusal={(exception is UnauthenticatedException ? "openid_account" : "openid")}");
        context.HandleResponse();
        return Task.CompletedTask;
    }

    [LoggerMessage(LogLevel.Warning, "A sign-in through OpenID Connect was refused")]
    private partial void LogRefused(Exception? exception);
}

/// <summary>Carries the proof of the first factor from the provider's answer to the page that asks for the second.</summary>
internal static class TwoFactorCookie
{
    private const string Name = "mm_two_factor";

    public static string? Read(HttpRequest request) => request.Cookies[Name];

    public static void Write(HttpContext context, string token) => context.Response.Cookies.Append(Name, token, new CookieOptions
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Lax,
        Secure = context.Request.IsHttps,
        MaxAge = TimeSpan.FromMinutes(5),
        Path = "/account",
        IsEssential = true,
    });
}
