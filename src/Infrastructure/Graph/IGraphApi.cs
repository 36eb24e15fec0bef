using Refit;

namespace MetaMessaging.Infrastructure.Graph;

/// <summary>
/// The edges of the Graph API. <see cref="GraphAnswerHandler"/> throws for refusals, so all answers are successful. Secrets travel in the
/// Authorization header or in a form, because proxies log addresses; the …ByAddress calls are for <see cref="GraphForms"/> alone.
/// </summary>
internal interface IGraphApi
{
    [Post("/oauth/access_token")]
    Task<AccessTokenAnswer> ExchangeCodeAsync(
        [Body(BodySerializationMethod.UrlEncoded)] CodeExchange exchange, CancellationToken cancellationToken);

    [Get("/oauth/access_token")]
    Task<AccessTokenAnswer> ExchangeCodeByAddressAsync(CodeExchange exchange, CancellationToken cancellationToken);

    [Post("/oauth/access_token")]
    Task<AccessTokenAnswer> ExtendTokenAsync(
        [Body(BodySerializationMethod.UrlEncoded)] TokenExtension extension, [Property(GraphResilience.Repeatable)] bool repeatable,
        CancellationToken cancellationToken);

    [Get("/oauth/access_token")]
    Task<AccessTokenAnswer> ExtendTokenByAddressAsync(TokenExtension extension, CancellationToken cancellationToken);

    /// <summary>Meta takes the inspected token as a parameter; the call itself is authorized by the app token.</summary>
    [Post("/debug_token")]
    Task<TokenAnswer> InspectTokenAsync(
        [Body(BodySerializationMethod.UrlEncoded)] TokenQuestion question, [Authorize("Bearer")] string token,
        [Property(GraphResilience.Repeatable)] bool repeatable, CancellationToken cancellationToken);

    [Get("/debug_token")]
    Task<TokenAnswer> InspectTokenByAddressAsync(
        [AliasAs("input_token")] string inspectedToken, [Authorize("Bearer")] string token, CancellationToken cancellationToken);

    [Get("/me?fields=id,name")]
    Task<PersonNode> GetMeAsync([Authorize("Bearer")] string token, CancellationToken cancellationToken);

    [Get("/me/permissions")]
    Task<Listing<PermissionNode>> ListPermissionsAsync([Authorize("Bearer")] string token, CancellationToken cancellationToken);

    /// <param name="owner">me or the id of a business.</param>
    /// <param name="edge">accounts, owned_pages or client_pages.</param>
    [Get("/{owner}/{edge}")]
    Task<Listing<PageNode>> ListPagesAsync(
        string owner, string edge, string fields, int limit, string? after, [Authorize("Bearer")] string token,
        CancellationToken cancellationToken);

    [Get("/me/businesses?fields=id")]
    Task<Listing<BusinessNode>> ListBusinessesAsync(
        int limit, string? after, [Authorize("Bearer")] string token, CancellationToken cancellationToken);

    [Get("/{pageId}")]
    Task<PageNode> GetPageAsync(string pageId, string fields, [Authorize("Bearer")] string token, CancellationToken cancellationToken);

    [Get("/{accountId}?fields=username")]
    Task<InstagramNode> GetInstagramAccountAsync(string accountId, [Authorize("Bearer")] string token, CancellationToken cancellationToken);

    [Post("/{pageId}/subscribed_apps")]
    Task<SuccessAnswer> SubscribeAsync(
        string pageId, [AliasAs("subscribed_fields")] string fields, [Authorize("Bearer")] string token,
        CancellationToken cancellationToken);

    [Get("/{pageId}/subscribed_apps")]
    Task<Listing<AppNode>> ListSubscribedAppsAsync(string pageId, [Authorize("Bearer")] string token, CancellationToken cancellationToken);

    [Delete("/{pageId}/subscribed_apps")]
    Task UnsubscribeAsync(string pageId, [Authorize("Bearer")] string token, CancellationToken cancellationToken);

    [Get("/{appId}/subscriptions")]
    Task<Listing<SubscriptionNode>> ListSubscriptionsAsync(
        string appId, [Authorize("Bearer")] string token, CancellationToken cancellationToken);

    [Post("/{pageId}/messages")]
    Task<SendAnswer> SendAsync(
        string pageId, [Body] SendRequest message, [Authorize("Bearer")] string token, CancellationToken cancellationToken);

    [Post("/{pageId}/message_attachments")]
    Task<UploadAnswer> UploadAsync(
        string pageId, [Body] HttpContent form, [Authorize("Bearer")] string token, CancellationToken cancellationToken);

    [Get("/{pageId}/conversations?fields=id,updated_time")]
    Task<Listing<ThreadNode>> FindThreadsAsync(
        string pageId, string platform, [AliasAs("user_id")] string scopedUserId, [Authorize("Bearer")] string token,
        CancellationToken cancellationToken);

    [Get("/{threadId}")]
    Task<ThreadNode> GetThreadAsync(
        string threadId, string fields, [Authorize("Bearer")] string token, CancellationToken cancellationToken);

    [Get("/{messageId}")]
    Task<MessageNode> GetMessageAsync(
        string messageId, string fields, [Authorize("Bearer")] string token, CancellationToken cancellationToken);

    [Get("/{scopedUserId}")]
    Task<ProfileNode> GetProfileAsync(
        string scopedUserId, string fields, [Authorize("Bearer")] string token, CancellationToken cancellationToken);
}
