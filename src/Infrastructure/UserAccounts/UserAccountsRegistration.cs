using Microsoft.AspNetCore.Identity;

namespace MetaMessaging.Infrastructure.UserAccounts;

internal static class UserAccountsRegistration
{
    /// <returns>For the stores: the database knows the accounts, and not the other way round.</returns>
    public static IdentityBuilder AddUserAccounts(this IServiceCollection services)
    {
        services.AddScoped<IUserAccounts, IdentityUserAccounts>();
        services.AddScoped<IUserProfiles, IdentityUserProfiles>();
        services.AddScoped<IPasswords, IdentityPasswords>();
        services.AddScoped<ITwoFactor, IdentityTwoFactor>();
        services.AddScoped<IPasskeys, IdentityPasskeys>();
        services.AddScoped<IExternalAccounts, IdentityExternalAccounts>();
        services.AddScoped<IPasskeyHandler<AppUser>, PasskeyHandler<AppUser>>();
        services.Configure<IdentityPasskeyOptions>(passkeys =>
        {
            passkeys.UserVerificationRequirement = "required";   // so that a passkey alone is as good as a password with a code
            passkeys.ResidentKeyRequirement = "required";        // it is found without an e-mail address
        });
        services.AddScoped<SignInFailures>();
        services.AddSingleton<SignInQueues>();
        services.AddSingleton<CommonPasswords>();
        services.Configure<DataProtectionTokenProviderOptions>(tokens => tokens.TokenLifespan = IPasswords.ResetLifetime);
        return services.AddIdentityCore<AppUser>(identity =>
        {
            identity.User.RequireUniqueEmail = true;
            identity.User.AllowedUserNameCharacters = "";   // all: it is the address, which may have an apostrophe or an umlaut
            identity.Password.RequiredLength = 10;      // length is what makes a password strong, not composition rules
            identity.Password.RequireDigit = false;
            identity.Password.RequireLowercase = false;
            identity.Password.RequireUppercase = false;
            identity.Password.RequireNonAlphanumeric = false;
            identity.Lockout.MaxFailedAccessAttempts = 5;
            identity.Lockout.DefaultLockoutTimeSpan = TimeSpan.FromMinutes(5);
        }).AddDefaultTokenProviders().AddPasswordValidator<CommonPasswordValidator>();
    }
}
