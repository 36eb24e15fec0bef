namespace MetaMessaging.Application.UserAccounts;

/// <summary>Sets a new password by a link, which works once, and ends all sessions of the account.</summary>
public sealed record ResetPassword(string? Token, string? Password) : IRequest;

internal sealed class ResetPasswordValidator : AbstractValidator<ResetPassword>
{
    public ResetPasswordValidator()
    {
        RuleFor(r => r.Token).NotEmpty();
        RuleFor(r => r.Password).NotEmpty().MaximumLength(PasswordRules.MaxLength);
    }
}

internal sealed class ResetPasswordHandler(IAppDbContext db, IPasswords passwords, AuditLog audit) : AsyncRequestHandler<ResetPassword>
{
    protected override async Task Handle(ResetPassword request, CancellationToken cancellationToken)
    {
        var user = await passwords.FindByResetTokenAsync(request.Token!, cancellationToken) ?? throw Expired();
        await passwords.SetAsync(user.Id, request.Password!, nameof(ResetPassword.Password), cancellationToken);
        await audit.RecordSignInAsync(AuditActions.PasswordReset, user.Id, user.Name, cancellationToken);
        await db.SaveChangesAsync(   // of several uses at once, the account's version lets one pass
            token => db.UserSessions.Where(s => s.UserId == user.Id).ExecuteDeleteAsync(token), cancellationToken);
    }

    public static GoneException Expired() =>
        new("reset_link_expired", "This link was used already, or is older than an hour. Ask for a new one.");
}
