using MetaMessaging.Domain.UserAccounts;
using MetaMessaging.WebUI.Errors;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace MetaMessaging.WebUI.Security;

internal static class SecurityRegistration
{
    /// <summary>Chooses between cookie, token and API key by what the request carries.</summary>
    private const string ByRequest = "ByRequest";

    private static readonly TimeSpan AccessTokenLifetime = TimeSpan.FromHours(1);

    public static IServiceCollection AddSecurity(this IServiceCollection services)
    {
        services.AddSingleton<ISignInLimit, SignInLimit>();
        services.AddSingleton<IClientInfo, ClientInfo>();
        services.AddScoped<CallerContext>();
        services.AddScoped<ICaller>(provider => provider.GetRequiredService<CallerContext>());

        OpenIdSignIn.Add(services);
        services.AddAuthentication(ByRequest)
            .AddPolicyScheme(ByRequest, null, options => options.ForwardDefaultSelector = context =>
                ApiKeyAuthentication.IsUsedBy(context.Request) ? ApiKeyAuthentication.SchemeName
                : context.Request.Headers.Authorization.Count > 0 ? BearerTokenDefaults.AuthenticationScheme
                : CookieAuthenticationDefaults.AuthenticationScheme)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyAuthentication>(ApiKeyAuthentication.SchemeName, null)
            .AddBearerToken(options =>
            {
                options.BearerTokenExpiration = AccessTokenLifetime;
                options.RefreshTokenExpiration = TimeSpan.FromHours(UserSession.MaxHours);   // the session itself ends sooner
                options.Events.OnMessageReceived = context =>   // the framework itself knows the scheme as "Bearer" only
                {
                    context.Token = ApiKeyAuthentication.BearerTokenOf(context.Request);
                    return Task.CompletedTask;
                };
            })
            .AddCookie(options =>
            {
                options.LoginPath = "/account/login";
                options.LogoutPath = "/account/logout";
                options.AccessDeniedPath = "/account/denied";
                options.ReturnUrlParameter = "returnUrl";
                options.Cookie.Name = "mm_session";
                options.Cookie.HttpOnly = true;
                options.Cookie.SameSite = SameSiteMode.Lax;   // Strict would drop it when Meta's dialog redirects back
                options.ExpireTimeSpan = TimeSpan.FromHours(UserSession.MaxHours);   // the session itself ends sooner
                options.SlidingExpiration = true;
                options.Events.OnRedirectToLogin = context => RedirectPages(context, StatusCodes.Status401Unauthorized);
                options.Events.OnRedirectToAccessDenied = context => RedirectPages(context, StatusCodes.Status403Forbidden);
            });

        var authorization = services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        foreach (var policy in Policies.All) authorization.AddPolicy(policy, builder => builder.RequireRole(policy));
        authorization.AddPolicy(Policies.Members, builder => builder.RequireRole(Policies.Members, Policies.ReadConversations));
        services.AddAntiforgery(options =>
        {
            options.HeaderName = "X-CSRF-TOKEN";
            options.Cookie.Name = "mm_csrf";
            options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        });
        return services;
    }

    /// <summary>
    /// A browser that asks for a page is redirected to the sign-in page; an API client gets the status code. The address of a form is no
    /// page to return to.
    /// </summary>
    private static Task RedirectPages(RedirectContext<CookieAuthenticationOptions> context, int status)
    {
        if (!context.Request.WantsPage()) context.Response.StatusCode = status;
        else context.Response.Redirect(HttpMethods.IsGet(context.Request.Method) ? context.RedirectUri : context.RedirectUri.Split('?')[0]);
        return Task.CompletedTask;
    }
}
