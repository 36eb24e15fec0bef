using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace MetaMessaging.WebUI;

/// <summary>
/// Looks for an address in use before anything is prepared. Kestrel would find it last, when the database is migrated and the workers run.
/// </summary>
internal static class ListenAddresses
{
    /// <exception cref="SettingException">Another process listens there.</exception>
    public static void EnsureFree(WebApplication app)
    {
        var server = app.Services.GetRequiredService<IServer>();
        if (server.Features.Get<IServerAddressesFeature>() is null) return;   // a test's server listens nowhere

        foreach (var (key, address) in AddressesIn(app.Configuration))
        {
            var binding = BindingAddress.Parse(address);
            if (binding.IsUnixPipe || binding.IsNamedPipe || binding.Port == 0) continue;
            if (!IsFree(binding)) throw new SettingException($"{key}: Failed to bind to address {address}: address already in use.");
        }
    }

    /// <summary>As Kestrel reads them: each source counts only when there is none before it.</summary>
    private static List<(string Key, string Address)> AddressesIn(IConfiguration configuration)
    {
        var endpoints = configuration.GetSection("Kestrel:Endpoints").GetChildren().Where(endpoint => endpoint["Url"] is { Length: > 0 })
            .Select(endpoint => ($"{endpoint.Path}:Url", endpoint["Url"]!)).ToList();
        if (endpoints.Count > 0) return endpoints;
        if (Split("urls") is { Count: > 0 } urls) return [.. urls.Select(url => ("urls", url))];
        return
        [
            .. Split("http_ports").Select(port => ("http_ports", $"http://*:{port}")),
            .. Split("https_ports").Select(port => ("https_ports", $"https://*:{port}")),
        ];

        List<string> Split(string key) =>
            [.. (configuration[key] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
    }

    /// <summary>As Kestrel binds: "localhost" on both loopback addresses, and a name that is no address on all of them.</summary>
    private static bool IsFree(BindingAddress binding) =>
        binding.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            ? IsFree(IPAddress.Loopback, binding.Port) && IsFree(IPAddress.IPv6Loopback, binding.Port)
            : IsFree(IPAddress.TryParse(binding.Host, out var address) ? address : IPAddress.IPv6Any, binding.Port);

    private static bool IsFree(IPAddress address, int port)
    {
        try
        {
            using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            if (address.Equals(IPAddress.IPv6Any)) socket.DualMode = true;
            socket.Bind(new IPEndPoint(address, port));
            return true;
        }
        catch (SocketException exception)
        {
            return exception.SocketErrorCode is not SocketError.AddressAlreadyInUse;   // Kestrel says what else is wrong
        }
    }
}
