using static MetaMessaging.Infrastructure.Graph.GraphAnswers;

namespace MetaMessaging.Infrastructure.Graph;

internal sealed class GraphPages(IGraphApi api, GraphForms forms, IMetaApp metaApp) : IMetaPages
{
    /// <summary>Of one edge; a person with more Pages than 50 answers hold sees the first ones.</summary>
    private const int MaxListings = 50;

    private const int MaxPerListing = 100;

    private const string PageFields = "id,name,access_token,instagram_business_account{id,username}";

    /// <summary>The task without which a person can neither read nor send messages of a Page.</summary>
    private const string MessagingTask = "MESSAGING";

    public async Task<IReadOnlyList<ConnectablePage>> ListPagesAsync(string userAccessToken, CancellationToken cancellationToken)
    {
        var nodes = await ListPagesAsync("me", "accounts", userAccessToken, cancellationToken);
        nodes.AddRange(await ListOthersAsync(nodes, userAccessToken, cancellationToken));

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

            pages.Add(new ConnectablePage(
                page.Id!, page.Name ?? page.Id!, page.AccessToken, account?.Id, username,
                page.Tasks is not { Count: > 0 } tasks || tasks.Contains(MessagingTask)));
        }

        return pages;
    }

    public async Task<string?> SubscribePageAsync(string pageId, string pageAccessToken, CancellationToken cancellationToken)
    {
        var app = await AppCredentials.ReadAsync(metaApp, cancellationToken);
        var answer = await SubscribeAsync(pageId, pageAccessToken, cancellationToken);
        if (answer.Success is false)
            return "Meta did not subscribe this app to the Page's events, so no messages will arrive. Subscribe it again.";

        var subscribed = await NullIfRefusedAsync(api.ListSubscribedAppsAsync(pageId, pageAccessToken, cancellationToken));
        return subscribed is null ? null : Subscriptions.ProblemOfPage(subscribed.Items, app.AppId);
    }

    public async Task<string?> CheckAppSubscriptionsAsync(Uri webhookUrl, bool withInstagram, CancellationToken cancellationToken)
    {
        var app = await AppCredentials.ReadAsync(metaApp, cancellationToken);
        var subscriptions = await api.ListSubscriptionsAsync(app.AppId, app.AppToken, cancellationToken);
        return Subscriptions.ProblemOfApp(subscriptions.Items, webhookUrl, withInstagram);
    }

    public Task UnsubscribePageAsync(string pageId, string pageAccessToken, CancellationToken cancellationToken) =>
        api.UnsubscribeAsync(pageId, pageAccessToken, cancellationToken);

    private Task<List<PageNode>> ListPagesAsync(string owner, string edge, string token, CancellationToken cancellationToken) =>
        ListAllAsync((limit, after) => api.ListPagesAsync(
            owner, edge, edge is "accounts" ? $"{PageFields},tasks" : PageFields, limit, after, token, cancellationToken));

    /// <summary>Follows the cursor and not the address of the next listing, because that address contains the token.</summary>
    private static async Task<List<T>> ListAllAsync<T>(Func<int, string?, Task<Listing<T>>> list)
    {
        var (found, limit, after) = (new List<T>(), MaxPerListing, (string?)null);
        for (var count = 0; count < MaxListings;)
        {
            Listing<T> listing;
            try
            {
                listing = await list(limit, after);
            }
            catch (GraphException exception) when (limit > 1 && IsTooMuch(exception.Refusal))
            {
                limit /= 2;
                continue;
            }

            found.AddRange(listing.Items);
            count++;

            var next = listing.Paging is { Next.Length: > 0 } paging ? paging.Cursors?.After ?? CursorIn(paging.Next) : null;
            if (next is null or "" || next == after) break;
            after = next;
        }

        return found;
    }

    private static bool IsTooMuch(Refusal refusal) =>
        refusal is { Code: 1, Detail: { } detail } && detail.Contains(GraphErrorTable.TooMuchData, StringComparison.OrdinalIgnoreCase);

    private static string? CursorIn(string next) => Uri.TryCreate(next, UriKind.Absolute, out var address)
        ? address.Query.TrimStart('?').Split('&')
            .Where(p => p.StartsWith("after=", StringComparison.Ordinal))
            .Select(p => WebUtility.UrlDecode(p["after=".Length..]))
            .FirstOrDefault()
        : null;

    /// <summary>
    /// The Pages that Meta's list leaves out: those of a business portfolio (platform reference, OAuth → Pages of a business portfolio).
    /// </summary>
    private async Task<IEnumerable<PageNode>> ListOthersAsync(
        IReadOnlyList<PageNode> listed, string userAccessToken, CancellationToken cancellationToken)
    {
        var token = await NullIfRefusedAsync(forms.InspectTokenAsync(userAccessToken, cancellationToken));
        var granted = (token?.Data?.GranularScopes ?? [])
            .Where(s => s.Scope is "pages_messaging" or "pages_show_list")
            .SelectMany(s => s.TargetIds ?? [])
            .Where(id => id is { Length: > 0 })
            .ToHashSet();
        if (granted.Count == 0) return await ListPagesOfBusinessesAsync(userAccessToken, cancellationToken);

        var others = new List<PageNode>();
        foreach (var pageId in granted.Except(listed.Select(p => p.Id)).OfType<string>().Take(MaxPerListing))
        {
            var page = await NullIfRefusedAsync(api.GetPageAsync(pageId, PageFields, userAccessToken, cancellationToken));
            others.Add(page ?? new PageNode(pageId, null, null, null));   // granted, so it is shown although it cannot be connected now
        }

        return others;
    }

    /// <summary>Who granted "all current and future Pages" has no Pages in the scopes. Each of these edges may be refused.</summary>
    private async Task<IEnumerable<PageNode>> ListPagesOfBusinessesAsync(string userAccessToken, CancellationToken cancellationToken)
    {
        var businesses = await NullIfRefusedAsync(ListAllAsync(
            (limit, after) => api.ListBusinessesAsync(limit, after, userAccessToken, cancellationToken)));
        var pages = new List<PageNode>();
        foreach (var id in (businesses ?? []).Select(b => b.Id).OfType<string>().Take(MaxListings))
        {
            foreach (var edge in (string[])["owned_pages", "client_pages"])
                pages.AddRange(await NullIfRefusedAsync(ListPagesAsync(id, edge, userAccessToken, cancellationToken)) ?? []);
        }

        return pages;
    }

    /// <summary>Meta refuses the whole subscription when this API version does not know one of the fields, so that is left out.</summary>
    private async Task<SuccessAnswer> SubscribeAsync(string pageId, string token, CancellationToken cancellationToken)
    {
        var fields = WebhookFields.Page;
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
