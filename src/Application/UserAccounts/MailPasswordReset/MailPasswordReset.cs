namespace MetaMessaging.Application.UserAccounts;

/// <summary>Mails a link for a new password to the account with this address, if there is one.</summary>
/// <param name="BaseUrl">The public address, which a job does not know.</param>
[NotAudited("It changes nothing; ResetPassword records the new password.")]
public sealed record MailPasswordReset(string Email, Uri BaseUrl) : IJob
{
    /// <summary>Shown in the dashboard of jobs, which is no place for what strangers type.</summary>
    public override string ToString() => nameof(MailPasswordReset);
}

internal sealed class MailPasswordResetHandler(IUserAccounts accounts, IPasswords passwords, IMail mail, TimeProvider clock)
    : AsyncRequestHandler<MailPasswordReset>
{
    protected override async Task Handle(MailPasswordReset request, CancellationToken cancellationToken)
    {
        if (await accounts.FindByEmailAsync(request.Email, cancellationToken) is not { } user) return;

        var link = request.BaseUrl.PasswordReset(await passwords.CreateResetTokenAsync(user.Id, cancellationToken));
        mail.Enqueue(Mail.PasswordReset(user.Email, user.Name, link, clock.GetUtcNow() + IPasswords.ResetLifetime));
    }
}
