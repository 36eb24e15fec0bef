using Humanizer;

namespace MetaMessaging.WebUI.Security;

internal sealed class ClientInfo(IHttpContextAccessor http) : IClientInfo
{
    /// <summary>In the order to look for them: Edge also calls itself Chrome, and Chrome also Safari.</summary>
    private static readonly (string Mark, string Name)[] Browsers =
        [("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari")];

    private static readonly (string Mark, string Name)[] Systems =
    [
        ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS X", "macOS"), ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ];

    public string? Address
    {
        get
        {
            var address = http.HttpContext?.Connection.RemoteIpAddress;
            return (address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address)?.ToString();
        }
    }

    public string? Device
    {
        get
        {
            var agent = http.HttpContext?.Request.Headers.UserAgent.ToString() ?? "";
            if (NameIn(agent, Browsers) is not { } browser) return PlainName.Clean(agent.Split('/', ' ')[0])?.Truncate(100);
            return NameIn(agent, Systems) is { } system ? $"{browser} on {system}" : browser;
        }
    }

    private static string? NameIn(string agent, (string Mark, string Name)[] names) =>
        names.FirstOrDefault(n => agent.Contains(n.Mark, StringComparison.Ordinal)).Name;
}
