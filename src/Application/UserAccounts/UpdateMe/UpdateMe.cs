namespace MetaMessaging.Application.UserAccounts;

/// <summary>Changes the caller's name, time zone or language; null stays as it is, an empty text stands for the organization's.</summary>
public sealed record UpdateMe(string? Name, string? TimeZone, string? Language) : IRequest<UserProfile>;

internal sealed class UpdateMeValidator : AbstractValidator<UpdateMe>
{
    public UpdateMeValidator()
    {
        RuleFor(u => u.Name).IsName(200).When(u => u.Name is not null);
        RuleFor(u => u.TimeZone).IsTimeZone();
        RuleFor(u => u.Language).IsLanguage();
    }
}

internal sealed class UpdateMeHandler(IAppDbContext db, IUserProfiles profiles, ICaller caller, AuditLog audit)
    : IRequestHandler<UpdateMe, UserProfile>
{
    public async Task<UserProfile> Handle(UpdateMe request, CancellationToken cancellationToken)
    {
        var before = await profiles.GetAsync(caller.UserId, cancellationToken);
        var after = new UserProfile(
            PlainName.Clean(request.Name) ?? before.Name, Chosen(request.TimeZone, before.TimeZone),
            Chosen(request.Language, before.Language));
        await profiles.SetAsync(caller.UserId, after, cancellationToken);
        audit.Record(
            AuditActions.ProfileChanged, AuditTarget.User(caller.UserId, after.Name), new AuditChange("name", before.Name, after.Name),
            new AuditChange("timeZone", before.TimeZone, after.TimeZone), new AuditChange("language", before.Language, after.Language));
        await db.SaveChangesAsync(cancellationToken);
        return after;
    }

    private static string? Chosen(string? requested, string? before) => requested switch { null => before, "" => null, _ => requested };
}
