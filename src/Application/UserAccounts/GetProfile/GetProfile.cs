namespace MetaMessaging.Application.UserAccounts;

/// <summary>The caller's name, time zone and language.</summary>
public sealed record GetProfile : IRequest<UserProfile>;

internal sealed class GetProfileHandler(IUserProfiles profiles, ICaller caller) : IRequestHandler<GetProfile, UserProfile>
{
    public Task<UserProfile> Handle(GetProfile request, CancellationToken cancellationToken) =>
        profiles.GetAsync(caller.UserId, cancellationToken);
}
