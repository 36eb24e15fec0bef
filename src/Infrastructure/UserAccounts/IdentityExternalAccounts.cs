using FluentValidation;
using FluentValidation.Results;
using Microsoft.AspNetCore.Identity;

namespace MetaMessaging.Infrastructure.UserAccounts;

internal sealed class IdentityExternalAccounts(UserManager<AppUser> users) : IExternalAccounts
{
    public async Task<UserAccount?> FindAsync(ExternalIdentity identity, CancellationToken cancellationToken) =>
        await users.FindByLoginAsync(identity.Issuer, identity.Subject) is { } user ? IdentityUserAccounts.Map(user) : null;

    public async Task LinkAsync(long userId, ExternalIdentity identity, CancellationToken cancellationToken) =>
        Ensure(await users.AddLoginAsync(await users.GetAsync(userId), InfoOf(identity)));

    public async Task<UserAccount> CreateAsync(string email, string name, ExternalIdentity identity, CancellationToken cancellationToken)
    {
        var user = new AppUser { UserName = email, Email = email, EmailConfirmed = true, Name = name, LockoutEnabled = true };
        Ensure(await users.CreateAsync(user));
        Ensure(await users.AddLoginAsync(user, InfoOf(identity)));
        return IdentityUserAccounts.Map(user);
    }

    private static UserLoginInfo InfoOf(ExternalIdentity identity) => new(identity.Issuer, identity.Subject, "OpenID Connect");

    private static void Ensure(IdentityResult result)
    {
        if (!result.Succeeded) throw new ValidationException(result.Errors.Select(e => new ValidationFailure("Email", e.Description)));
    }
}
