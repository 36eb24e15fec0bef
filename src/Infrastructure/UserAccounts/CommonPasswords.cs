using System.Collections.Frozen;
using Microsoft.AspNetCore.Identity;

namespace MetaMessaging.Infrastructure.UserAccounts;

/// <summary>The passwords that are guessed first, from common-passwords.txt. Shorter ones than ten characters are refused anyway.</summary>
internal sealed class CommonPasswords
{
    private readonly FrozenSet<string> passwords = Read();

    public bool Contains(string password) => passwords.Contains(password);

    private static FrozenSet<string> Read()
    {
        using var reader = new StreamReader(typeof(CommonPasswords).Assembly.GetManifestResourceStream("common-passwords.txt")!);
        return reader.ReadToEnd().Split('\n').Where(line => line is not ("" or ['#', ..])).ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    }
}

internal sealed class CommonPasswordValidator(CommonPasswords common) : IPasswordValidator<AppUser>
{
    public Task<IdentityResult> ValidateAsync(UserManager<AppUser> manager, AppUser user, string? password) =>
        Task.FromResult(common.Contains(password ?? "") || string.Equals(password, user.Email, StringComparison.OrdinalIgnoreCase)
            ? IdentityResult.Failed(new IdentityError
            {
                Code = "PasswordTooCommon",
                Description = "This password is one of the first that are guessed. A few words of your own are better.",
            })
            : IdentityResult.Success);
}
