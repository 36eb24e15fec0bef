using FluentValidation.Results;

namespace MetaMessaging.Application.UserAccounts;

/// <summary>Changes the caller's password and ends the caller's other sessions.</summary>
public sealed record ChangePassword(string? CurrentPassword, string? NewPassword) : IRequest;

internal sealed class ChangePasswordValidator : AbstractValidator<ChangePassword>
{
    public ChangePasswordValidator()
    {
        RuleFor(c => c.CurrentPassword).NotEmpty();
        RuleFor(c => c.NewPassword).NotEmpty().MaximumLength(PasswordRules.MaxLength);
    }
}

internal sealed class ChangePasswordHandler(IAppDbContext db, IPasswords passwords, ISignInLimit limit, ICaller caller, AuditLog audit)
    : AsyncRequestHandler<ChangePassword>
{
    protected override async Task Handle(ChangePassword request, CancellationToken cancellationToken)
    {
        limit.EnsureAllowed();
        if (!await passwords.CheckAsync(caller.UserId, request.CurrentPassword!, cancellationToken))
        {
            limit.RecordFailure();
            throw new ValidationException(
                [new ValidationFailure(nameof(ChangePassword.CurrentPassword), "This is not your current password.")]);
        }

        await passwords.SetAsync(caller.UserId, request.NewPassword!, nameof(ChangePassword.NewPassword), cancellationToken);
        audit.Record(AuditActions.PasswordChanged, AuditTarget.User(caller.UserId, caller.Name), AuditChange.Hidden("password"));
        await db.SaveChangesAsync(
            token => db.UserSessions.Where(s => s.UserId == caller.UserId && s.Id != caller.SessionId).ExecuteDeleteAsync(token),
            cancellationToken);
    }
}
