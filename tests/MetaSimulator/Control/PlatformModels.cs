using MetaMessaging.MetaSimulator.OAuth;
using MetaMessaging.MetaSimulator.State;

namespace MetaMessaging.MetaSimulator.Control;

internal sealed record ClockModel(DateTimeOffset Now, long OffsetMs);

internal sealed record ClockRequest(string? Now, long? OffsetMs, long? AdvanceMs);

internal sealed record InstagramRequest(string? Id, string? Username, string? Name, bool? AllowsMessageAccess);

internal sealed record PageRequest(
    string? Id,
    string? Name,
    string? Category,
    InstagramRequest? Instagram,
    bool? UnlinkInstagram,
    bool? Managed,
    IReadOnlyList<string>? Tasks,
    string? DefaultAppId,
    PageRestriction? Restriction,
    IReadOnlyList<string>? SubscribedFields,
    bool? Listed,
    PageBusiness? Business);

internal sealed record PersonRequest(string? Id, string? Name, IReadOnlyList<string>? PageIds, IReadOnlyList<string>? Tasks);

internal sealed record RemoveAppRequest(bool? DataDeletion);

internal sealed record InvalidateRequest(int? Subcode, string? PageId, string? UserId, string? Token, bool? Revive);

internal sealed record GrantRequest(string? PageId, IReadOnlyList<string>? Permissions);

internal sealed record SubscriptionRequest(string CallbackUrl, string? VerifyToken, string? Object, IReadOnlyList<string>? Fields);

internal sealed record PageModel(
    string Id,
    string Name,
    string Category,
    InstagramModel? Instagram,
    bool Managed,
    IReadOnlyList<string> Tasks,
    bool Ticked,
    IReadOnlyList<string>? SubscribedFields,
    string? DefaultAppId,
    PageRestriction? Restriction)
{
    public static PageModel Of(Platform platform, Page page)
    {
        var person = platform.Persons[platform.CurrentPersonId];
        var managed = person.Pages.TryGetValue(page.Id, out var tasks);
        return new PageModel(
            page.Id, page.Name, page.Category,
            page.Instagram is { } account
                ? new InstagramModel(account.Id, account.Username, account.Name, account.AllowsMessageAccess)
                : null,
            managed, tasks ?? [], platform.Authorizations.GrantOf(person.Id)?.PageIds.Contains(page.Id) is true,
            page.SubscribedFields, page.DefaultAppId, page.Restriction);
    }
}

internal sealed record InstagramModel(string Id, string Username, string Name, bool AllowsMessageAccess);

internal sealed record PersonModel(
    string Id,
    string Name,
    IEnumerable<string> PageIds,
    IEnumerable<string>? Granted,
    IEnumerable<string>? Declined,
    IEnumerable<string>? TickedPageIds)
{
    public static PersonModel Of(Platform platform)
    {
        var person = platform.Persons[platform.CurrentPersonId];
        var grant = platform.Authorizations.GrantOf(person.Id);
        return new PersonModel(
            person.Id, person.Name, person.Pages.Keys.Order(StringComparer.Ordinal), grant?.Granted, grant?.Declined, grant?.PageIds);
    }
}

internal sealed record TokenModel(
    string Value,
    TokenKind Kind,
    string? UserId,
    string? PageId,
    bool LongLived,
    DateTimeOffset IssuedAt,
    DateTimeOffset? ExpiresAt,
    bool Valid,
    int? Subcode)
{
    public static TokenModel Of(Platform platform, AccessToken token)
    {
        var problem = platform.Authorizations.ProblemOf(token);
        return new TokenModel(
            token.Value,
            token.Kind,
            token.UserId,
            token.PageId,
            token.LongLived,
            token.IssuedAt,
            token.ExpiresAt,
            problem is null,
            problem?.Subcode);
    }
}
