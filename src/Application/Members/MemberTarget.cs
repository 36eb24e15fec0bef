namespace MetaMessaging.Application.Members;

internal static class MemberTarget
{
    public static AuditTarget Of(UserAccount account) =>
        new("member", account.Id.ToString(CultureInfo.InvariantCulture), account.Name);
}
