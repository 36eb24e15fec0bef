using MetaMessaging.Application.ApiKeys;
using MetaMessaging.Application.Common;
using MetaMessaging.Application.People;
using MetaMessaging.Domain.Conversations;
using MetaMessaging.Domain.Organizations;

namespace MetaMessaging.WebUI.Security;

/// <summary>The caller of this request: a person, filled in by <see cref="ResolveCallerMiddleware"/>, or a key.</summary>
internal sealed class CallerContext : ICaller
{
    /// <summary>Null unless software calls, with a key.</summary>
    public ApiKeyCaller? Key { get; set; }

    /// <summary>Null while nobody is signed in.</summary>
    public CallerModel? Model { get; set; }

    /// <summary>A key is nobody: it has no conversations of its own.</summary>
    public long UserId => Key is null ? Known.UserId : 0;

    public string Name => Key?.Name ?? Known.Name;

    public string Email => Known.Email;

    public bool IsSystemAdmin => Key is null && Known.IsSystemAdmin;

    public OrganizationRoles Roles => Known.Roles;

    public Sender Sender => Key is { } key ? new Sender(MessageOrigin.Api, key.Id, key.Name) : new Sender(MessageOrigin.Agent, UserId, Name);

    private CallerModel Known => Model ?? throw new UnauthenticatedException("Sign in first.");
}
