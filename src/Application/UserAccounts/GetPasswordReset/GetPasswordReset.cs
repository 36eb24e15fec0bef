namespace MetaMessaging.Application.UserAccounts;

/// <summary>Whose password a link is for.</summary>
public sealed record GetPasswordReset(string? Token) : IRequest<PasswordResetModel>;

public sealed record PasswordResetModel(string Email);

internal sealed class GetPasswordResetHandler(IPasswords passwords) : IRequestHandler<GetPasswordReset, PasswordResetModel>
{
    /// <exception cref="GoneException">reset_link_expired</exception>
    public async Task<PasswordResetModel> Handle(GetPasswordReset request, CancellationToken cancellationToken) =>
        await passwords.FindByResetTokenAsync(request.Token ?? "", cancellationToken) is { } user
            ? new PasswordResetModel(user.Email)
            : throw ResetPasswordHandler.Expired();
}
