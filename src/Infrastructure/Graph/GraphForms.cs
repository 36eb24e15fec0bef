using System.Collections.Concurrent;

namespace MetaMessaging.Infrastructure.Graph;

/// <summary>
/// Calls whose parameters are secrets. They go as a form; should Meta refuse the form itself, they go in the address once more, and from
/// then on until the process ends (platform reference, OAuth → Secrets in addresses).
/// </summary>
internal sealed partial class GraphForms(IGraphApi api, IMetaApp metaApp, ILogger<GraphForms> logger)
{
    private readonly ConcurrentDictionary<string, bool> refusedForms = new();

    public Task<AccessTokenAnswer> ExchangeCodeAsync(CodeExchange exchange, CancellationToken cancellationToken) => CallAsync(
        "code exchange", () => api.ExchangeCodeAsync(exchange, cancellationToken),
        () => api.ExchangeCodeByAddressAsync(exchange, cancellationToken));

    public Task<AccessTokenAnswer> ExtendTokenAsync(TokenExtension extension, CancellationToken cancellationToken) => CallAsync(
        "token extension", () => api.ExtendTokenAsync(extension, repeatable: true, cancellationToken),
        () => api.ExtendTokenByAddressAsync(extension, cancellationToken));

    public async Task<TokenAnswer> InspectTokenAsync(string token, CancellationToken cancellationToken)
    {
        var appToken = (await AppCredentials.ReadAsync(metaApp, cancellationToken)).AppToken;
        return await CallAsync(
            "debug_token",
            () => api.InspectTokenAsync(new TokenQuestion(token), appToken, repeatable: true, cancellationToken),
            () => api.InspectTokenByAddressAsync(token, appToken, cancellationToken));
    }

    private async Task<T> CallAsync<T>(string name, Func<Task<T>> asForm, Func<Task<T>> byAddress)
    {
        if (refusedForms.ContainsKey(name)) return await byAddress();

        try
        {
            return await asForm();
        }
        catch (GraphException exception) when (IsRefusalOfForm(exception.Refusal))
        {
            var answer = await byAddress();
            if (refusedForms.TryAdd(name, true)) LogRefusedForm(name, exception.Refusal.Detail);
            return answer;
        }
    }

    /// <summary>Whether Meta did not take a POST, or did not read its form, rather than refusing what the form asks for.</summary>
    private static bool IsRefusalOfForm(Refusal refusal) =>
        refusal is { Code: GraphErrors.InvalidParameter, Subcode: Refusal.NoSuchObject } or { Code: 2500 }
        || FormNotReadPattern().IsMatch(refusal.Detail ?? "");

    [GeneratedRegex(@"^HTTP (404|405|411|415) |Missing \w+ parameter|parameter \w+ is required|\w+ parameter not specified")]
    private static partial Regex FormNotReadPattern();

    [LoggerMessage(LogLevel.Warning, "Meta refuses the form of {Call}, so its parameters now go in the address: {Detail}")]
    private partial void LogRefusedForm(string call, string? detail);
}
