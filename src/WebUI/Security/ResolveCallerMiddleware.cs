using System.Security.Claims;
using MetaMessaging.Application.UserAccounts;
using Microsoft.AspNetCore.Diagnostics;

namespace MetaMessaging.WebUI.Security;

/// <summary>
/// Runs between authentication and authorization. It looks up what the signed-in user may do now and enters the user's organization for
/// this request, so a removed role or a revoked account takes effect with the next request.
/// </summary>
internal sealed class ResolveCallerMiddleware(RequestDelegate next)
{
    private const string RolesIdentity = "roles";

    public async Task InvokeAsync(HttpContext context, IMediator mediator, CallerContext caller, OrganizationScope scope)
    {
        if (context.User.UserId() is { } userId) await ResolveAsync(context, mediator, caller, scope, userId);
        else if (caller.Key is { } key) scope.Enter(key.OrganizationId);
        await next(context);
    }

    /// <summary>
    /// An error page runs the pipeline a second time in the same request: the caller is resolved by then, but the principal may be new.
    /// </summary>
    private static async Task ResolveAsync(
        HttpContext context, IMediator mediator, CallerContext caller, OrganizationScope scope, long userId)
    {
        try
        {
            var request = new ResolveCaller(userId, context.User.Session().SessionId);
            var resolved = caller.Model ?? await mediator.Send(request, context.RequestAborted);
            caller.Model = resolved;
            if (resolved.OrganizationId is { } organizationId) scope.Enter(organizationId);
            if (!context.User.Identities.Any(i => i.AuthenticationType == RolesIdentity)) context.User.AddIdentity(RolesOf(resolved));
        }
        catch (UnauthenticatedException)
        {
            context.User = new ClaimsPrincipal(new ClaimsIdentity());
        }
        catch (UnavailableException) when (context.Features.Get<IExceptionHandlerFeature>() is not null)
        {
            // The database cannot be read. The error page that says so is for everybody.
        }
    }

    private static ClaimsIdentity RolesOf(CallerModel caller)
    {
        var roles = new ClaimsIdentity(RolesIdentity);
        Add(Policies.Member);
        if (caller.IsSystemAdmin) Add(Policies.SystemAdmin);
        if (caller is { IsVisit: true, OrganizationName: { } visited }) roles.AddClaim(UserPrincipal.Visit(visited));
        if (caller.CanSeeJobs) Add(Policies.Jobs);
        if (caller.OrganizationId is null || caller.NeedsTwoFactor) return roles;

        Add(Policies.Members);
        if (Has(OrganizationRoles.Admin)) Add(Policies.Admin);
        if (Has(OrganizationRoles.Agent)) Add([Policies.Agent, .. ApiKeyScopes.OfAgents]);
        if (Has(OrganizationRoles.Ops)) Add(Policies.Ops);
        return roles;

        bool Has(OrganizationRoles role) => caller.IsSystemAdmin || caller.Roles.HasFlag(role);
        void Add(params IEnumerable<string> names) => roles.AddClaims(names.Select(name => new Claim(ClaimTypes.Role, name)));
    }
}
