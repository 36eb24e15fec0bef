using FluentValidation;
using FluentValidation.Results;
using MetaMessaging.Application.Common;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Infrastructure.People;

internal sealed class IdentityUserAccounts(UserManager<AppUser> users) : IUserAccounts
{
    public Task<bool> AnyAsync(CancellationToken cancellationToken) => users.Users.AnyAsync(cancellationToken);

    public async Task<Person> CreateAsync(NewPerson person, CancellationToken cancellationToken)
    {
        var user = new AppUser
        {
            UserName = person.Email,
            Email = person.Email,
            EmailConfirmed = true,
            Name = person.Name.Trim(),
            IsSystemAdmin = person.IsSystemAdmin,
            LockoutEnabled = true,
        };
        var result = await users.CreateAsync(user, person.Password);
        if (result.Succeeded) return Map(user);

        throw new ValidationException(result.Errors.Select(e => new ValidationFailure(
            e.Code.StartsWith("Password", StringComparison.Ordinal) ? "Password" : "Email", e.Description)));
    }

    public async Task<Person?> CheckPasswordAsync(string email, string password, CancellationToken cancellationToken)
    {
        if (await users.FindByEmailAsync(email) is not { } user)
        {
            // As long as a real check takes, so that time does not tell which addresses exist.
            users.PasswordHasher.HashPassword(new AppUser(), password);
            return null;
        }

        if (await users.IsLockedOutAsync(user)) return null;
        if (!await users.CheckPasswordAsync(user, password))
        {
            await users.AccessFailedAsync(user);
            return null;
        }

        if (user.AccessFailedCount > 0) await users.ResetAccessFailedCountAsync(user);
        return Map(user);
    }

    public async Task<Person?> FindAsync(long userId, string? securityStamp, CancellationToken cancellationToken)
    {
        var user = await users.Users.AsNoTracking().SingleOrDefaultAsync(u => u.Id == userId, cancellationToken);
        return user is not null && user.SecurityStamp == securityStamp ? Map(user) : null;
    }

    public async Task<IReadOnlyDictionary<long, string>> NamesAsync(IReadOnlyCollection<long> userIds, CancellationToken cancellationToken) =>
        await users.Users.Where(u => userIds.Contains(u.Id)).ToDictionaryAsync(u => u.Id, u => u.Name, cancellationToken);

    private static Person Map(AppUser user) => new(user.Id, user.Email!, user.Name, user.IsSystemAdmin, user.SecurityStamp!);
}
