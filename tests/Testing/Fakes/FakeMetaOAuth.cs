using System.Collections.Concurrent;
using MetaMessaging.Application.Common;

namespace MetaMessaging.Testing;

public sealed class FakeMetaOAuth : IMetaOAuth
{
    /// <summary>As "exchange code" or "inspect token".</summary>
    public ConcurrentQueue<string> Calls { get; } = [];

    public Func<UserGrant> OnExchange { get; set; } = () => new UserGrant("user-token", "122100000000000001", MetaPermissions.All);

    public Func<string, Task<TokenInspection>> OnInspect { get; set; } =
        _ => Task.FromResult(new TokenInspection(true, null, null, null));

    public Uri DialogUrl(string appId, Uri redirectUri, string state) =>
        new($"https://www.facebook.com/dialog?client_id={appId}&state={state}");

    public async Task<UserGrant> ExchangeCodeAsync(string code, Uri redirectUri, CancellationToken cancellationToken)
    {
        Calls.Enqueue($"exchange {code}");
        await Task.Yield();
        return OnExchange();
    }

    public async Task<TokenInspection> InspectTokenAsync(string accessToken, CancellationToken cancellationToken)
    {
        Calls.Enqueue($"inspect {accessToken}");
        await Task.Yield();
        return await OnInspect(accessToken);
    }
}
