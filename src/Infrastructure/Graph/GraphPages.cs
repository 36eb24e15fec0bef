using static MetaMessaging.Infrastructure.Graph.GraphAnswers;

namespace MetaMessaging.Infrastructure.Graph;

internal sealed class GraphPages(IGraphApi api, GraphForms forms, IMetaApp metaApp) : IMetaPages
{
    /// <summary>A person with more than 5,000 Pages (50 answers of 100) sees the first ones.</summary>
    private const int MaxListings = 50;

    private const string PageFields = "id,name,access_token,tasks,instagram_business_account{id,username,name}";
    private const string PageFieldsOfOne = "id,name,access_token,instagram_business_account{id,username}";

    public async Task<IReadOnlyList<ConnectablePage>> ListPagesAsync(string userAccessToken, CancellationToken cancellationToken)
    {
        var nodes = await ListAllPagesAsync(userAccessToken, cancellationToken);
        if (nodes.Count == 0) nodes = await ListGrantedPagesAsync(userAccessToken, cancellationToken);

        var pages = new List<ConnectablePage>();
        foreach (var page in nodes.Where(p => p.Id is { Length: > 0 }).DistinctBy(p => p.Id))
        {
            var account = page.InstagramBusinessAccount is { Id.Length: > 0 } linked ? linked : null;
            var username = account?.Username;
            if (account is not null && username is null)
            {
                var token = page.AccessToken ?? userAccessToken;
                username = (await NullIfRefusedAsync(api.GetInstagramAccountAsync(account.Id!, token, cancellationToken)))?.Username;
            }

            pages.Add(new ConnectablePage(page.Id!, page.Name ?? page.Id!, page.AccessToken, account?.Id, username));
        }

        return pages;
    }

    public async Task<string?> SubscribePageAsync(string pageId, string pageAccessToken, CancellationToken cancellationToken)
    {
        var app = await AppCredentials.ReadAsync(metaApp, cancellationToken);
        var answer = await SubscribeAsync(pageId, pageAccessToken, cancellationToken);
        if (answer.Success is false)
            return "Meta did not subscribe this app to the Page's events, so no messages will arrive. Reconnect the Page.";

        var subscribed = await NullIfRefusedAsync(api.ListSubscribedAppsAsync(pageId, pageAccessToken, cancellationToken));
        return subscribed is null ? null : Subscriptions.ProblemOfPage(subscribed.Items, app.AppId);
    }

    public async Task<string?> CheckAppSubscriptionsAsync(Uri webhookUrl, bool withInstagram, CancellationToken cancellationToken)
    {
        var app = await AppCredentials.ReadAsync(metaApp, cancellationToken);
        var subscriptions = await NullIfRefusedAsync(api.ListSubscriptionsAsync(app.AppId, app.AppToken, cancellationToken));
        return subscriptions is null ? null : Subscriptions.ProblemOfApp(subscriptions.Items, webhookUrl, withInstagram);
    }

    public Task UnsubscribePageAsync(string pageId, string pageAccessToken, CancellationToken cancellationToken) =>
        api.UnsubscribeAsync(pageId, pageAccessToken, cancellationToken);

    /// <summary>Follows the cursor and not the address of the next listing, because that address contains the token.</summary>
    private async Task<List<PageNode>> ListAllPagesAsync(string token, CancellationToken cancellationToken)
    {
        var pages = new List<PageNode>();
        string? after = null;
        for (var count = 0; count < MaxListings; count++)
        {
            var listing = await api.ListPagesAsync(PageFields, after, token, cancellationToken);
            pages.AddRange(listing.Items);

            var next = listing.Paging is { Next.Length: > 0 } paging ? paging.Cursors?.After ?? CursorIn(paging.Next) : null;
            if (next is null or "" || next == after) break;
            after = next;
        }

        return pages;
    }

    private static string? CursorIn(string next) => Uri.TryCreate(next, UriKind.Absolute, out var address)
        ? address.Query.TrimStart('?').Split('&')
            .Where(p => p.StartsWith("after=", StringComparison.Ordinal))
            .Select(p => WebUtility.UrlDecode(p["after=".Length..]))
            .FirstOrDefault()
        : null;

    /// <summary>Meta's list may omit Pages that are shared through a Business; the token's granular scopes still name them.</summary>
    private async Task<List<PageNode>> ListGrantedPagesAsync(string userAccessToken, CancellationToken cancellationToken)
    {
        var token = await NullIfRefusedAsync(forms.InspectTokenAsync(userAccessToken, cancellationToken));
        var pageIds = (token?.Data?.GranularScopes ?? [])
            .Where(s => s.Scope is "pages_messaging" or "pages_show_list")
            .SelectMany(s => s.TargetIds ?? [])
            .Where(id => id is { Length: > 0 })
            .Distinct();

        var pages = new List<PageNode>();
        foreach (var pageId in pageIds.Take(MaxListings))
        {
            var page = await NullIfRefusedAsync(api.GetPageAsync(pageId, PageFieldsOfOne, userAccessToken, cancellationToken));
            if (page is not null) pages.Add(page);
        }

        return pages;
    }

    /// <summary>Meta refuses the whole subscription when this API version does not know one of the fields, so that is left out.</summary>
    private async Task<SuccessAnswer> SubscribeAsync(string pageId, string token, CancellationToken cancellationToken)
    {
        var fields = Subscriptions.PageFields;
        while (true)
        {
            try
            {
                return await api.SubscribeAsync(pageId, string.Join(',', fields), token, cancellationToken);
            }
            catch (GraphException exception) when (exception.Refusal.Code is GraphErrors.InvalidParameter)
            {
                // Ends, because every round removes at least one field.
                var accepted = Subscriptions.WithoutRefused(fields, exception.Refusal.Detail);
                if (accepted.Count == fields.Count || accepted.Count == 0) throw;
                fields = accepted;
            }
        }
    }
}
