using System.Globalization;
using System.Security.Claims;

namespace MetaMessaging.WebUI.Security;

/// <summary>What a cookie or a token holds about a user: the identity only. What the user may do is looked up at every request.</summary>
internal static class UserPrincipal
{
    private const string SecurityStamp = "security_stamp";

    public static ClaimsPrincipal Of(UserAccount user, string scheme) => new(new ClaimsIdentity(
        [
            new Claim(ClaimTypes.NameIdentifier, user.Id.ToString(CultureInfo.InvariantCulture)), new Claim(ClaimTypes.Name, user.Name),
            new Claim(SecurityStamp, user.SecurityStamp),
        ],
        scheme));

    public static long? UserId(this ClaimsPrincipal principal) =>
        long.TryParse(principal.FindFirstValue(ClaimTypes.NameIdentifier), CultureInfo.InvariantCulture, out var id) ? id : null;

    public static string? Stamp(this ClaimsPrincipal principal) => principal.FindFirstValue(SecurityStamp);
}
