using System.Globalization;
using System.Security.Claims;
using MetaMessaging.Application.Common;

namespace MetaMessaging.WebUI.Security;

/// <summary>What a cookie or a token says about a person: who they are. What they may do is read at every request.</summary>
internal static class PersonPrincipal
{
    private const string SecurityStamp = "security_stamp";

    public static ClaimsPrincipal Of(Person person, string scheme) => new(new ClaimsIdentity(
        [
            new Claim(ClaimTypes.NameIdentifier, person.Id.ToString(CultureInfo.InvariantCulture)),
            new Claim(ClaimTypes.Name, person.Name),
            new Claim(SecurityStamp, person.SecurityStamp),
        ],
        scheme));

    public static long? UserId(this ClaimsPrincipal principal) =>
        long.TryParse(principal.FindFirstValue(ClaimTypes.NameIdentifier), CultureInfo.InvariantCulture, out var id) ? id : null;

    public static string? Stamp(this ClaimsPrincipal principal) => principal.FindFirstValue(SecurityStamp);
}
