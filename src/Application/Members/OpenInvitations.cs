namespace MetaMessaging.Application.Members;

internal static class OpenInvitations
{
    /// <exception cref="GoneException">invitation_expired</exception>
    public static async Task<Invitation> FindInvitationAsync(
        this IAppDbContext db, string? token, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var hash = SecretToken.HashOf(token ?? "");
        // Whoever has the link belongs to no organization yet, or to another one.
        return await db.Invitations.IgnoreQueryFilters().AsNoTracking().SingleOrDefaultAsync(
            i => i.TokenHash == hash && i.ExpiresAt > now
                && db.Organizations.Any(o => o.Id == i.OrganizationId && o.State == OrganizationState.Active), cancellationToken)
            ?? throw Expired();
    }

    public static GoneException Expired() =>
        new("invitation_expired", "This invitation was used already, was taken back, or is older than seven days. Ask for another one.");
}
