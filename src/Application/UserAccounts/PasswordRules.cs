namespace MetaMessaging.Application.UserAccounts;

internal static class PasswordRules
{
    /// <summary>Hashing a password of megabytes would occupy the processor.</summary>
    public const int MaxLength = 256;
}
