using FluentValidation.Results;

namespace MetaMessaging.Application.UserAccounts;

/// <summary>Adds a passkey to the caller's account.</summary>
/// <param name="Name">By which its owner tells it from others.</param>
public sealed record AddPasskey(string? Name, string? Credential, string? State) : IRequest<TwoFactorCodes>;

internal sealed class AddPasskeyValidator : AbstractValidator<AddPasskey>
{
    public AddPasskeyValidator()
    {
        RuleFor(a => a.Name).IsName(100);
        RuleFor(a => a.Credential).NotEmpty();
        RuleFor(a => a.State).NotEmpty();
    }
}

internal sealed class AddPasskeyHandler(IAppDbContext db, IPasskeys passkeys, ICaller caller, AuditLog audit)
    : IRequestHandler<AddPasskey, TwoFactorCodes>
{
    public async Task<TwoFactorCodes> Handle(AddPasskey request, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> codes = [];
        var (name, answer) = (PlainName.Clean(request.Name)!, new PasskeyAnswer(request.Credential!, request.State!));
        await db.SaveChangesAsync(
            async token =>
            {
                codes = await passkeys.AddAsync(caller.UserId, name, answer, token)
                    ?? throw new ValidationException([new ValidationFailure("", "The passkey was not accepted. Try again.")]);
                var user = AuditTarget.User(caller.UserId, caller.Name);
                audit.Record(AuditActions.PasskeyAdded, user, new AuditChange("passkey", null, name));
                if (codes.Count > 0) audit.Record(AuditActions.TwoFactorEnabled, user);
                await db.SaveChangesAsync(token);
            },
            cancellationToken);
        return new TwoFactorCodes(codes);
    }
}
