using MetaMessaging.WebUI.Errors;

namespace MetaMessaging.WebUI.Security;

/// <summary>
/// The organization asks for a second factor that the caller has not set up: nothing works but the caller's own account, where it is set
/// up, and signing out.
/// </summary>
internal sealed class RequireSecondFactor(RequestDelegate next)
{
    private const string SetUpPage = "/settings/security";

    private static readonly PathString[] Allowed =
        ["/api/me", "/api/auth", "/account", SetUpPage, "/settings/profile", "/invitations", "/error"];

    public Task InvokeAsync(HttpContext context, CallerContext caller)
    {
        if (caller is not { Key: null, Model.NeedsTwoFactor: true } || IsAllowed(context)) return next(context);
        if (!context.Request.WantsPage())
            throw new AccessDeniedException("two_factor_setup_required", "Your organization asks for a second factor. Set it up first.");

        context.Response.Redirect(SetUpPage);
        return Task.CompletedTask;
    }

    private static bool IsAllowed(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null
        || Allowed.Any(path => context.Request.Path.StartsWithSegments(path));
}
