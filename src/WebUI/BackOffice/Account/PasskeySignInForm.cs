namespace MetaMessaging.WebUI.BackOffice;

/// <summary>Filled in by passkeys.js.</summary>
public sealed class PasskeySignInForm
{
    public string? Credential { get; set; }

    public string? State { get; set; }

    public string? ReturnUrl { get; set; }
}
