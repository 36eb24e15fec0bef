using MetaMessaging.Application.Common;
using MetaMessaging.Application.People;
using MetaMessaging.Domain.Conversations;
using MetaMessaging.Domain.Organizations;

namespace MetaMessaging.WebUI.Security;

/// <summary>The caller of this request, filled in by <see cref="ResolveCallerMiddleware"/>.</summary>
internal sealed class CallerContext : ICaller
{
    private CallerModel? resolved;

    public bool IsKnown => resolved is not null;

    public long UserId => Resolved.UserId;

    public string Name => Resolved.Name;

    public string Email => Resolved.Email;

    public bool IsSystemAdmin => Resolved.IsSystemAdmin;

    public OrganizationRoles Roles => Resolved.Roles;

    public string? OrganizationName => Resolved.OrganizationName;

    public Sender Sender => new(MessageOrigin.Agent, UserId, Name);

    private CallerModel Resolved => resolved ?? throw new UnauthenticatedException("Sign in first.");

    public void Resolve(CallerModel caller) => resolved = caller;
}
