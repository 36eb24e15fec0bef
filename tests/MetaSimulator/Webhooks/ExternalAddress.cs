using System.Diagnostics.CodeAnalysis;

namespace MetaMessaging.MetaSimulator.Webhooks;

/// <summary>
/// Meta talks https to public addresses only. Nobody runs the simulator against those, so plain http is taken as well where it can't
/// leave the machine or the container network: loopback addresses and host names without a dot.
/// </summary>
internal static class ExternalAddress
{
    public static bool IsAcceptable(string? text, [NotNullWhen(true)] out Uri? address)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out address)) return false;
        if (address.Scheme == Uri.UriSchemeHttps) return true;
        return address.Scheme == Uri.UriSchemeHttp && (address.IsLoopback || !address.Host.Contains('.', StringComparison.Ordinal));
    }
}
