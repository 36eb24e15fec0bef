using Microsoft.AspNetCore.Identity;

namespace MetaMessaging.Infrastructure.UserAccounts;

public sealed class AppUser : IdentityUser<long>
{
    public string Name { get; set; } = "";

    public bool IsSystemAdmin { get; set; }

    /// <summary>IANA name; null for the organization's.</summary>
    public string? TimeZone { get; set; }

    /// <summary>BCP 47 tag; null for the organization's.</summary>
    public string? Language { get; set; }
}
