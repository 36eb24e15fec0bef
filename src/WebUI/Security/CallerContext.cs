using MetaMessaging.Application.Common;
using MetaMessaging.Application.People;
using MetaMessaging.Domain.Conversations;
using MetaMessaging.Domain.Organizations;

namespace MetaMessaging.WebUI.Security;

/// <summary>The caller of this request, filled in by <see cref="ResolveCallerMiddleware"/>.</summary>
internal sealed class CallerContext : ICaller
{
    /// <summary>Null while nobody is signed in.</summary>
    public CallerModel? Model { get; set; }

    public long UserId => Known.UserId;

    public string Name => Known.Name;

    public string Email => Known.Email;

    public bool IsSystemAdmin => Known.IsSystemAdmin;

    public OrganizationRoles Roles => Known.Roles;

    public Sender Sender => new(MessageOrigin.Agent, UserId, Name);

    private CallerModel Known => Model ?? throw new UnauthenticatedException("Sign in first.");
}
