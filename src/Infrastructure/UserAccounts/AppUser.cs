using Microsoft.AspNetCore.Identity;

namespace MetaMessaging.Infrastructure.UserAccounts;

public sealed class AppUser : IdentityUser<long>
{
    public string Name { get; set; } = "";

    public bool IsSystemAdmin { get; set; }
}
