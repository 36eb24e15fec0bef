using MetaMessaging.Application.ApiKeys;

namespace MetaMessaging.WebUI.BackOffice;

[RulesOf(typeof(CreateApiKey))]
public sealed class ApiKeyForm
{
    public string? Name { get; set; }

    public IReadOnlyList<string>? Scopes { get; set; }
}
