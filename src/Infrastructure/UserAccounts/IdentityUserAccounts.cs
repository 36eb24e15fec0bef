using FluentValidation;
using FluentValidation.Results;
using Microsoft.AspNetCore.Identity;

namespace MetaMessaging.Infrastructure.UserAccounts;

internal sealed class IdentityUserAccounts(
    UserManager<AppUser> users, SignInFailures failures, SignInQueues queues, IAppDbContext db, AuditLog audit, ISignInLimit limit)
    : IUserAccounts
{
    public Task<bool> AnyAsync(CancellationToken cancellationToken) => users.Users.AnyAsync(cancellationToken);

    public async Task<UserAccount> CreateAsync(NewUserAccount account, CancellationToken cancellationToken)
    {
        var user = new AppUser
        {
            UserName = account.Email,
            Email = account.Email,
            EmailConfirmed = true,
            Name = PlainName.Clean(account.Name) ?? account.Email,
            IsSystemAdmin = account.IsSystemAdmin,
            LockoutEnabled = true,
        };
        var result = await CreateAsync(user, account.Password);
        if (result.Succeeded) return Map(user);

        throw new ValidationException(result.Errors.Select(e => new ValidationFailure(
            e.Code.StartsWith("Password", StringComparison.Ordinal) ? "Password" : "Email", e.Description)));
    }

    /// <summary>Identity looks the address up before it adds the user; the index of names decides between two at once.</summary>
    private async Task<IdentityResult> CreateAsync(AppUser user, string password)
    {
        try
        {
            return await users.CreateAsync(user, password);
        }
        catch (DbUpdateException)
        {
            if (!await users.Users.AnyAsync(u => u.NormalizedEmail == user.NormalizedEmail)) throw;
            return IdentityResult.Failed(users.ErrorDescriber.DuplicateEmail(user.Email!));
        }
    }

    public async Task<UserAccount?> CheckPasswordAsync(string email, string password, CancellationToken cancellationToken)
    {
        using var turn = await queues.EnterAsync(users.NormalizeEmail(email), cancellationToken);
        var user = await users.FindByEmailAsync(email);
        if (user is null || await users.IsLockedOutAsync(user))
        {
            // Takes as long as a check, so that the time of the answer does not tell which addresses have accounts or are locked.
            users.PasswordHasher.HashPassword(new AppUser(), password);
            if (user is null) await RecordUnknownAsync(cancellationToken);
            return null;
        }

        if (!await users.CheckPasswordAsync(user, password))
        {
            await failures.RecordAsync(user, cancellationToken);
            return null;
        }

        // With a second factor, whoever knows the password could otherwise try codes without end.
        if (user is { AccessFailedCount: > 0, TwoFactorEnabled: false }) await users.ResetAccessFailedCountAsync(user);
        return Map(user);
    }

    public async Task<UserAccount?> FindAsync(long userId, CancellationToken cancellationToken) =>
        await users.Users.AsNoTracking().SingleOrDefaultAsync(u => u.Id == userId, cancellationToken) is { } user ? Map(user) : null;

    public async Task<UserAccount?> FindByEmailAsync(string email, CancellationToken cancellationToken) =>
        await users.FindByEmailAsync(email) is { } user ? Map(user) : null;

    public async Task<IReadOnlyDictionary<long, UserAccount>> FindAllAsync(
        IReadOnlyCollection<long> userIds, CancellationToken cancellationToken) =>
        await users.Users.AsNoTracking().Where(u => userIds.Contains(u.Id)).ToDictionaryAsync(u => u.Id, Map, cancellationToken);

    public async Task<IReadOnlyDictionary<long, string>> NamesAsync(
        IReadOnlyCollection<long> userIds, CancellationToken cancellationToken) =>
        await users.Users.Where(u => userIds.Contains(u.Id)).ToDictionaryAsync(u => u.Id, u => u.Name, cancellationToken);

    /// <summary>What was typed is not stored: it may be the address of somebody else, or a password in the wrong field.</summary>
    private async Task RecordUnknownAsync(CancellationToken cancellationToken)
    {
        if (!limit.TryStoreUnknown()) return;
        audit.Record(null, AuditActor.Unknown, AuditActions.SignInFailed, new AuditTarget("member", null));
        await db.SaveChangesAsync(cancellationToken);
    }

    internal static UserAccount Map(AppUser user) => new(
        user.Id, user.Email!, user.Name, user.IsSystemAdmin, user.TwoFactorEnabled, user.TimeZone, user.Language);
}
