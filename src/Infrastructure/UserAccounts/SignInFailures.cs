using Microsoft.AspNetCore.Identity;

namespace MetaMessaging.Infrastructure.UserAccounts;

/// <summary>Counts wrong passwords and codes of an account, and records them.</summary>
internal sealed class SignInFailures(UserManager<AppUser> users, AuditLog audit)
{
    /// <summary>Identity saves the count, and with it the entries. A locked account gets none, so a stranger cannot add many.</summary>
    public async Task RecordAsync(AppUser user, CancellationToken cancellationToken)
    {
        await audit.RecordSignInAsync(AuditActions.SignInFailed, user.Id, user.Name, cancellationToken);
        if (user.AccessFailedCount + 1 >= users.Options.Lockout.MaxFailedAccessAttempts)
            await audit.RecordSignInAsync(AuditActions.SignInLockedOut, user.Id, user.Name, cancellationToken);
        await users.AccessFailedAsync(user);
    }
}
