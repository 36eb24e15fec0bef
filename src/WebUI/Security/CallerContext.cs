using MetaMessaging.Application.ApiKeys;
using MetaMessaging.Application.UserAccounts;

namespace MetaMessaging.WebUI.Security;

/// <summary>
/// The caller of this request: a user, filled in by <see cref="ResolveCallerMiddleware"/>, or an API key, filled in by
/// <see cref="ApiKeyAuthentication"/>.
/// </summary>
internal sealed class CallerContext : ICaller
{
    /// <summary>Null unless the call came with an API key.</summary>
    public ApiKeyCaller? Key { get; set; }

    /// <summary>Null unless a user is signed in.</summary>
    public CallerModel? Model { get; set; }

    /// <summary>0 for an API key, which has no user id and therefore no conversations assigned to it.</summary>
    public long UserId => Key is null ? User.UserId : 0;

    public long SessionId => Key is null ? User.SessionId : 0;

    public string Name => Key?.Name ?? User.Name;

    public string Email => User.Email;

    public bool IsSystemAdmin => Key is null && User.IsSystemAdmin;

    public OrganizationRoles Roles => Key is null ? User.Roles : OrganizationRoles.None;

    public Sender Sender => Key is { } key
        ? new Sender(MessageOrigin.Api, key.Id, key.Name)
        : new Sender(MessageOrigin.Agent, UserId, Name);

    public AuditActor Actor => Key is { } key ? new AuditActor(AuditActorType.ApiKey, key.Id, key.Name)
        : Model is { } user ? new AuditActor(AuditActorType.Person, user.UserId, user.Name)
        : AuditActor.System;

    private CallerModel User => Model ?? throw new UnauthenticatedException("Sign in first.");
}
