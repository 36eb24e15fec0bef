using MetaMessaging.Application.Contacts;

namespace MetaMessaging.WebUI.BackOffice;

[RulesOf(typeof(RenameContact))]
public sealed class RenameForm
{
    /// <summary>From the address.</summary>
    public long Id { get; set; }

    public string? Name { get; set; }
}
