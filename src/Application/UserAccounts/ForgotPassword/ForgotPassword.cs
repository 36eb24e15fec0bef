namespace MetaMessaging.Application.UserAccounts;

/// <summary>
/// Mails a link for a new password, when mail is set up and the address has an account. A job looks the account up, so that neither the
/// answer nor its time tells whether there is one.
/// </summary>
[NotAudited("It changes nothing; ResetPassword records the new password.")]
public sealed record ForgotPassword(string? Email) : IRequest;

internal sealed class ForgotPasswordValidator : AbstractValidator<ForgotPassword>
{
    public ForgotPasswordValidator() => RuleFor(f => f.Email).NotEmpty().MaximumLength(256).WithName("E-mail address");
}

internal sealed class ForgotPasswordHandler(IMail mail, IJobs jobs, IResetMailLimit limit, IPublicAddress address)
    : AsyncRequestHandler<ForgotPassword>
{
    protected override Task Handle(ForgotPassword request, CancellationToken cancellationToken)
    {
        var email = request.Email!.Trim();
        if (mail.IsSetUp && limit.TryAcquire(email)) jobs.Enqueue(new MailPasswordReset(email, address.BaseUrl));
        return Task.CompletedTask;
    }
}
