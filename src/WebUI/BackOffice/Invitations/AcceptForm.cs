using MetaMessaging.Application.Members;

namespace MetaMessaging.WebUI.BackOffice;

[RulesOf(typeof(AcceptInvitation))]
public sealed class AcceptForm
{
    public string? Name { get; set; }

    public string? Password { get; set; }
}
