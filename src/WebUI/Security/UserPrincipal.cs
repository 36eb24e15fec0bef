using System.Globalization;
using System.Security.Claims;
using MetaMessaging.Application.UserAccounts;

namespace MetaMessaging.WebUI.Security;

/// <summary>What a cookie or a token holds: the user and the session. What the user may do is looked up at every request.</summary>
internal static class UserPrincipal
{
    private const string SessionId = "session_id";
    private const string RefreshNumber = "refresh_number";
    private const string Visited = "visited_organization";

    public static ClaimsPrincipal Of(UserAccount user, SessionTicket session, string scheme) => new(new ClaimsIdentity(
        [
            new Claim(ClaimTypes.NameIdentifier, user.Id.ToString(CultureInfo.InvariantCulture)), new Claim(ClaimTypes.Name, user.Name),
            new Claim(SessionId, session.SessionId.ToString(CultureInfo.InvariantCulture)),
            new Claim(RefreshNumber, session.RefreshNumber.ToString(CultureInfo.InvariantCulture)),
        ],
        scheme));

    public static long? UserId(this ClaimsPrincipal principal) => Number(principal, ClaimTypes.NameIdentifier);

    public static SessionTicket Session(this ClaimsPrincipal principal) =>
        new(Number(principal, SessionId) ?? 0, (int)(Number(principal, RefreshNumber) ?? 0));

    /// <summary>The name of the organization that a system administrator is in without being a member of it; else null.</summary>
    public static string? VisitedOrganization(this ClaimsPrincipal principal) => principal.FindFirstValue(Visited);

    public static Claim Visit(string organizationName) => new(Visited, organizationName);

    /// <summary>Whose live connections this principal opens: the session's, or the API key's.</summary>
    public static LiveCaller LiveCaller(this ClaimsPrincipal principal) =>
        new(Number(principal, SessionId), Number(principal, ClaimTypes.Sid));

    private static long? Number(ClaimsPrincipal principal, string claim) =>
        long.TryParse(principal.FindFirstValue(claim), CultureInfo.InvariantCulture, out var number) ? number : null;
}
