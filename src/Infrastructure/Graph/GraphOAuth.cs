using static MetaMessaging.Infrastructure.Graph.GraphAnswers;

namespace MetaMessaging.Infrastructure.Graph;

internal sealed class GraphOAuth(
    IGraphApi api, GraphForms forms, IMetaApp metaApp, IOptions<GraphOptions> options) : IMetaOAuth
{
    public Uri DialogUrl(string appId, Uri redirectUri, string state)
    {
        var login = options.Value.LoginConfigId is { Length: > 0 } configId
            ? $"config_id={Uri.EscapeDataString(configId)}"
            : $"scope={Uri.EscapeDataString(string.Join(',', MetaPermissions.All))}";
        return new Uri(
            $"{options.Value.DialogBaseUrl.AbsoluteUri.TrimEnd('/')}/{options.Value.GraphVersion}/dialog/oauth"
            + $"?client_id={Uri.EscapeDataString(appId)}&redirect_uri={Uri.EscapeDataString(redirectUri.AbsoluteUri)}"
            + $"&state={Uri.EscapeDataString(state)}&response_type=code&{login}");
    }

    public async Task<UserGrant> ExchangeCodeAsync(string code, Uri redirectUri, CancellationToken cancellationToken)
    {
        var app = await AppCredentials.ReadAsync(metaApp, cancellationToken);
        var exchange = new CodeExchange(app.AppId, app.AppSecret, redirectUri.AbsoluteUri, code);
        var shortLived = await forms.ExchangeCodeAsync(exchange, cancellationToken);
        if (shortLived.AccessToken is not { Length: > 0 } token) throw Incomplete("access_token");

        try
        {
            var longLived = await forms.ExtendTokenAsync(new TokenExtension(app.AppId, app.AppSecret, token), cancellationToken);
            if (longLived.AccessToken is { Length: > 0 } longer) token = longer;
        }
        catch (GraphException exception) when (exception.Refusal.Class is not RefusalClass.Transient)
        {
            // Meta sometimes issues the long-lived token at once and refuses to extend it. Even a token of one hour is enough to connect.
        }

        return new UserGrant(
            token, (await NullIfRefusedAsync(api.GetMeAsync(token, cancellationToken)))?.Id,
            await GrantedPermissionsAsync(token, cancellationToken));
    }

    public async Task<TokenInspection> InspectTokenAsync(string accessToken, CancellationToken cancellationToken)
    {
        TokenAnswer answer;
        try
        {
            answer = await forms.InspectTokenAsync(accessToken, cancellationToken);
        }
        catch (GraphException exception)
        {
            throw new GraphException(GraphErrors.OfAppToken(exception.Refusal), exception);
        }

        var token = answer.Data ?? throw Incomplete("data");
        var isValid = token.IsValid is true && token.Error is null;
        return new TokenInspection(isValid, Time(token.ExpiresAt), Time(token.DataAccessExpiresAt), isValid ? null : ProblemOf(token));
    }

    private async Task<IReadOnlyCollection<string>?> GrantedPermissionsAsync(string token, CancellationToken cancellationToken)
    {
        var permissions = await NullIfRefusedAsync(api.ListPermissionsAsync(token, cancellationToken));
        return permissions?.Data?.Where(p => p.Status == "granted").Select(p => p.Permission).OfType<string>().ToList();
    }

    private static string ProblemOf(TokenNode token) =>
        GraphErrors.Of(token.Error ?? new GraphError(null, "190", null, null, null, null, null), HttpStatusCode.OK, GraphCall.Read).Title;
}
