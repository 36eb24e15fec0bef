using MetaMessaging.Application.Organizations;
using MetaMessaging.Application.UserAccounts;

namespace MetaMessaging.WebUI.BackOffice;

[RulesOf(typeof(UpdateSecuritySettings))]
public sealed class SecurityForm
{
    public bool RequireTwoFactor { get; set; }

    public int? SessionHours { get; set; }

    internal static SecurityForm Of(SecuritySettings settings) =>
        new() { RequireTwoFactor = settings.RequireTwoFactor, SessionHours = settings.SessionHours };
}

/// <summary>The key is part of the form, so that the page can be shown again after a wrong code.</summary>
[RulesOf(typeof(ConfirmTwoFactor))]
public sealed class ConfirmForm
{
    /// <summary>Ours are shorter, and a QR code has room for some 2,000 characters.</summary>
    public const int MaxUriLength = 1000;

    public string? SharedKey { get; set; }

    public string? OtpauthUri { get; set; }

    public string? Code { get; set; }

    internal static ConfirmForm Of(AuthenticatorKey key) => new() { SharedKey = key.SharedKey, OtpauthUri = key.OtpauthUri };
}

[RulesOf(typeof(AddPasskey))]
public sealed class PasskeyForm
{
    public string? Name { get; set; }

    /// <summary>Filled in by passkeys.js.</summary>
    public string? Credential { get; set; }

    public string? State { get; set; }
}
