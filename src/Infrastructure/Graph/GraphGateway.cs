using System.Globalization;
using System.Net;
using System.Text.Json;
using MetaMessaging.Application.Common;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Connections;
using MetaMessaging.Domain.Conversations;
using Microsoft.Extensions.Options;

namespace MetaMessaging.Infrastructure.Graph;

/// <summary>Between our words and Meta's. Refusals come from <see cref="GraphHandler"/> as <see cref="GraphException"/>.</summary>
internal sealed class GraphGateway(IGraphApi api, IMetaApp metaApp, GraphUsage usage, GraphBudget budget, IOptions<GraphOptions> options, TimeProvider clock) : IMetaGraph
{
    /// <summary>After which there is room again, when this very moment there is none.</summary>
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(10);

    private const int MaxPagesOfPages = 50;
    private const string PageFields = "id,name,access_token,tasks,instagram_business_account{id,username,name}";
    private const string PageFieldsOfOne = "id,name,access_token,instagram_business_account{id,username}";
    private const string SafeOnMessenger = "first_name,last_name,name,profile_pic";
    private const string SafeOnInstagram = "name,username,profile_pic";
    private const string MoreOnInstagram = "is_verified_user,follower_count,is_user_follow_business,is_business_follow_user";
    private const string WholeMessage = "id,created_time,from,to,message,attachments,shares{link,name},story,is_unsupported";
    private const string RecentMessages = "messages.limit(20){id,created_time,from,message,attachments}";

    /// <summary>2025-10-09T08:53:20+0000: the offset without a colon is no ISO 8601 that .NET would read by itself.</summary>
    private static readonly string[] TimeFormats = ["yyyy-MM-dd'T'HH:mm:ss'+0000'", "yyyy-MM-dd'T'HH:mm:sszzz"];

    /// <summary>What one forbidden field does: the whole profile is refused (platform reference, Profile API).</summary>
    private const int InvalidParameter = 100;
    private const int NoSuchObject = 33;
    private const int NoProfileAtAll = 2018218;

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
        var (appId, appSecret) = await AppAsync(cancellationToken);
        var exchange = new CodeExchange { AppId = appId, AppSecret = appSecret, RedirectUri = redirectUri.AbsoluteUri, Code = code };
        var shortLived = await api.ExchangeCodeAsync(exchange, cancellationToken);
        if (shortLived.AccessToken is not { Length: > 0 } token) throw Incomplete("access_token");

        var expiresIn = shortLived.ExpiresIn;
        try
        {
            var longLived = await api.ExtendTokenAsync(appId, appSecret, token, cancellationToken);
            if (longLived.AccessToken is { Length: > 0 } longer) (token, expiresIn) = (longer, longLived.ExpiresIn);
        }
        catch (GraphException exception) when (exception.Refusal.Class is not RefusalClass.Transient)
        {
            // A token of an hour connects as well as one of sixty days; Meta sometimes gives the long one at once and refuses to extend it.
        }

        return new UserGrant(
            token,
            expiresIn > 0 ? clock.GetUtcNow().AddSeconds(expiresIn.Value) : null,
            (await UnlessRefusedAsync(() => api.GetMeAsync(token, cancellationToken)))?.Id,
            await GrantedPermissionsAsync(token, cancellationToken));
    }

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
                username = (await UnlessRefusedAsync(() => api.GetInstagramAccountAsync(account.Id!, token, cancellationToken)))?.Username;
            }

            pages.Add(new ConnectablePage(page.Id!, page.Name ?? page.Id!, page.AccessToken, account?.Id, username));
        }

        return pages;
    }

    public async Task<TokenInspection> InspectTokenAsync(string accessToken, CancellationToken cancellationToken)
    {
        var token = (await InspectAsync(accessToken, cancellationToken)).Data ?? throw Incomplete("data");
        var isValid = token.IsValid is true && token.Error is null;
        return new TokenInspection(isValid, Time(token.ExpiresAt), Time(token.DataAccessExpiresAt), isValid ? null : ProblemOf(token));
    }

    public async Task<string?> SubscribePageAsync(string pageId, string pageAccessToken, CancellationToken cancellationToken)
    {
        var (appId, _) = await AppAsync(cancellationToken);
        var answer = await SubscribeAsync(pageId, pageAccessToken, cancellationToken);
        if (answer.Success is false)
            return "Meta did not subscribe this app to the Page's events, so no messages will arrive. Reconnect the Page.";

        var subscribed = await UnlessRefusedAsync(() => api.ListSubscribedAppsAsync(pageId, pageAccessToken, cancellationToken));
        return subscribed is null ? null : Subscriptions.ProblemOfPage(subscribed.Items, appId);
    }

    public async Task<string?> CheckAppSubscriptionsAsync(Uri webhookUrl, bool withInstagram, CancellationToken cancellationToken)
    {
        var (appId, appSecret) = await AppAsync(cancellationToken);
        var appToken = AppToken(appId, appSecret);
        var subscriptions = await UnlessRefusedAsync(() => api.ListSubscriptionsAsync(appId, appToken, cancellationToken));
        return subscriptions is null ? null : Subscriptions.ProblemOfApp(subscriptions.Items, webhookUrl, withInstagram);
    }

    public Task UnsubscribePageAsync(string pageId, string pageAccessToken, CancellationToken cancellationToken) =>
        api.UnsubscribeAsync(pageId, pageAccessToken, cancellationToken);

    public async Task<string> UploadAsync(Recipient recipient, OutgoingFile file, CancellationToken cancellationToken)
    {
        using var form = UploadForm.Of(recipient, file);
        var answer = await api.UploadAsync(recipient.PageId, form, recipient.PageAccessToken, cancellationToken);
        return answer.AttachmentId is { Length: > 0 } id ? id : throw Incomplete("attachment_id");
    }

    public async Task<string> SendAsync(Recipient recipient, OutgoingMessage message, CancellationToken cancellationToken)
    {
        var node = new OutgoingNode(
            message.Text,
            recipient.Channel is Channel.FacebookMessenger ? message.Metadata : null,
            message.QuickReplies?.Select(r => new QuickReplyNode("text", r.Title, r.Payload)),
            message.Attachment is { } attachment ? new OutgoingAttachmentNode(attachment.Type, PayloadOf(attachment)) : null);
        var request = new SendRequest(new RecipientNode(recipient.ScopedUserId), message.Tag is null ? "RESPONSE" : "MESSAGE_TAG", node)
        {
            Tag = message.Tag is MessageTag.HumanAgent ? "HUMAN_AGENT" : null,
            ReplyTo = message.ReplyTo is { } mid ? new ReplyToNode(mid) : null,
        };
        var answer = await api.SendAsync(recipient.PageId, request, recipient.PageAccessToken, cancellationToken);
        return answer.MessageId is { Length: > 0 } messageId ? messageId : throw Incomplete("message_id", GraphCall.Send);
    }

    public Task MarkSeenAsync(Recipient recipient, CancellationToken cancellationToken) => ActAsync(recipient, "mark_seen", cancellationToken);

    public Task SetTypingAsync(Recipient recipient, bool on, CancellationToken cancellationToken) =>
        ActAsync(recipient, on ? "typing_on" : "typing_off", cancellationToken);

    public Task ReactAsync(Recipient recipient, string externalId, string? emoji, CancellationToken cancellationToken)
    {
        // Instagram has a word of its own for the heart.
        var reaction = recipient.Channel is Channel.InstagramDm && emoji is ("\u2764" or "\u2764\uFE0F") ? "love" : emoji;
        return ActAsync(recipient, emoji is null ? "unreact" : "react", cancellationToken, new ReactionNode(externalId, reaction));
    }

    /// <summary>A courtesy gives way to messages, whose allowance it uses up; a reaction says something.</summary>
    private Task<SendAnswer> ActAsync(Recipient recipient, string action, CancellationToken cancellationToken, ReactionNode? reaction = null)
    {
        if (reaction is null) EnsureEnoughIsLeft(recipient.AccountId, recipient.PageId);
        if (!budget.TryTake(new GraphBudget.Bucket(recipient.AccountId, CallKind.Message))) throw new GraphException(GraphErrors.NearLimit(Moment));
        return api.SendAsync(
            recipient.PageId, new SendRequest(new RecipientNode(recipient.ScopedUserId)) { SenderAction = action, Payload = reaction },
            recipient.PageAccessToken, cancellationToken);
    }

    /// <summary>Near Meta's limit only messages are sent.</summary>
    private void EnsureEnoughIsLeft(params ReadOnlySpan<string> accountIds)
    {
        foreach (var accountId in accountIds)
        {
            if (usage.WaitFor(accountId) is { } wait) throw new GraphException(GraphErrors.NearLimit(wait));
        }
    }

    /// <summary>Two calls a second are not many: who finds a queue comes back later.</summary>
    private async Task TakeReadAsync(string accountId, CancellationToken cancellationToken)
    {
        if (!await budget.WaitAsync(new GraphBudget.Bucket(accountId, CallKind.Conversations), cancellationToken))
            throw new GraphException(GraphErrors.NearLimit(Moment * (1 + Random.Shared.NextDouble())));
    }

    public async Task<IReadOnlyList<RemoteMessage>> ListRecentMessagesAsync(Recipient recipient, CancellationToken cancellationToken)
    {
        var platform = recipient.Channel is Channel.FacebookMessenger ? "messenger" : "instagram";
        await TakeReadAsync(recipient.AccountId, cancellationToken);
        var threads = await api.FindThreadsAsync(
            recipient.PageId, platform, recipient.ScopedUserId, recipient.PageAccessToken, cancellationToken);
        var newest = threads.Items.Where(t => t.Id is { Length: > 0 }).MaxBy(t => Time(t.UpdatedTime) ?? DateTimeOffset.MinValue);
        if (newest is null) return [];

        await TakeReadAsync(recipient.AccountId, cancellationToken);
        var thread = await api.GetThreadAsync(newest.Id!, RecentMessages, recipient.PageAccessToken, cancellationToken);
        return [.. (thread.Messages?.Items ?? []).Select(ToRemoteMessage).OfType<RemoteMessage>().OrderByDescending(m => m.CreatedAt)];
    }

    public async Task<FoundMessage> GetMessageAsync(string pageId, string pageAccessToken, string externalId, CancellationToken cancellationToken)
    {
        EnsureEnoughIsLeft(pageId);
        await TakeReadAsync(pageId, cancellationToken);
        var message = await api.GetMessageAsync(externalId, WholeMessage, pageAccessToken, cancellationToken);
        return new FoundMessage(
            message.From?.Id,
            message.To?.Items.FirstOrDefault(p => p.Id is { Length: > 0 })?.Id,
            message.Message is { Length: > 0 } text ? text : null,
            Time(message.CreatedTime),
            [.. AttachmentsOf(message)],
            message.Story?.ReplyTo is { } answered ? new FoundStory(answered.Id, answered.Link) : null,
            message.IsUnsupported is true);
    }

    private static IEnumerable<AttachmentContent> AttachmentsOf(MessageNode message)
    {
        foreach (var attachment in (message.Attachments?.Items ?? []).Select(ToAttachment).OfType<AttachmentContent>()) yield return attachment;
        foreach (var share in (message.Shares?.Items ?? []).Where(s => s.Link is { Length: > 0 })) yield return new AttachmentContent("share", share.Link!, share.Name);
        if (message.Story?.Mention is { Link.Length: > 0 } mention) yield return new AttachmentContent("story_mention", mention.Link);
    }

    public async Task<MetaProfile> GetProfileAsync(Recipient recipient, CancellationToken cancellationToken)
    {
        var isOnInstagram = recipient.Channel is Channel.InstagramDm;
        EnsureEnoughIsLeft(recipient.AccountId);

        var profile = await GetProfileAsync(recipient, isOnInstagram ? SafeOnInstagram : SafeOnMessenger, cancellationToken);
        var more = isOnInstagram && profile.Username is not null
            ? await UnlessRefusedAsync(() => api.GetProfileAsync(recipient.ScopedUserId, MoreOnInstagram, recipient.PageAccessToken, cancellationToken))
            : null;

        var name = FirstNotEmpty(profile.Name, $"{profile.FirstName} {profile.LastName}".Trim());
        var picture = Uri.TryCreate(profile.ProfilePic, UriKind.Absolute, out var address) ? address : null;
        return new MetaProfile(
            name, FirstNotEmpty(profile.Username), picture,
            more?.IsVerifiedUser, more?.FollowerCount, more?.IsUserFollowBusiness, more?.IsBusinessFollowUser);
    }

    /// <summary>One forbidden field costs the whole answer, so then there is only the name to ask for.</summary>
    private async Task<ProfileNode> GetProfileAsync(Recipient recipient, string fields, CancellationToken cancellationToken)
    {
        try
        {
            return await api.GetProfileAsync(recipient.ScopedUserId, fields, recipient.PageAccessToken, cancellationToken);
        }
        catch (GraphException exception) when (
            exception.Refusal is { Code: InvalidParameter, Subcode: not (NoSuchObject or NoProfileAtAll) })
        {
            return await api.GetProfileAsync(recipient.ScopedUserId, "name", recipient.PageAccessToken, cancellationToken);
        }
    }

    private async Task<(string AppId, string AppSecret)> AppAsync(CancellationToken cancellationToken)
    {
        var app = await metaApp.GetAsync(cancellationToken);
        return app.IsComplete ? (app.AppId!, app.AppSecret!) : throw new GraphException(GraphErrors.NotConfigured());
    }

    private static string AppToken(string appId, string appSecret) => $"{appId}|{appSecret}";

    private async Task<IReadOnlyCollection<string>?> GrantedPermissionsAsync(string token, CancellationToken cancellationToken)
    {
        var permissions = await UnlessRefusedAsync(() => api.ListPermissionsAsync(token, cancellationToken));
        return permissions?.Data?.Where(p => p.Status == "granted").Select(p => p.Permission).OfType<string>().ToList();
    }

    /// <summary>Only the cursor is taken from Meta's next address: the address itself holds the token.</summary>
    private async Task<List<PageNode>> ListAllPagesAsync(string token, CancellationToken cancellationToken)
    {
        var pages = new List<PageNode>();
        string? after = null;
        for (var count = 0; count < MaxPagesOfPages; count++)
        {
            var listing = await api.ListPagesAsync(PageFields, after, token, cancellationToken);
            pages.AddRange(listing.Items);

            var next = listing.Paging is { Next.Length: > 0 } paging ? paging.Cursors?.After ?? AfterIn(paging.Next) : null;
            if (next is null or "" || next == after) break;
            after = next;
        }

        return pages;
    }

    private static string? AfterIn(string next) => Uri.TryCreate(next, UriKind.Absolute, out var address)
        ? address.Query.TrimStart('?').Split('&').Where(p => p.StartsWith("after=", StringComparison.Ordinal))
            .Select(p => WebUtility.UrlDecode(p["after=".Length..])).FirstOrDefault()
        : null;

    /// <summary>Pages shared through a Business may be missing from the list, though the token names them.</summary>
    private async Task<List<PageNode>> ListGrantedPagesAsync(string userAccessToken, CancellationToken cancellationToken)
    {
        var token = await UnlessRefusedAsync(() => InspectAsync(userAccessToken, cancellationToken));
        var pageIds = (token?.Data?.GranularScopes ?? [])
            .Where(s => s.Scope is "pages_messaging" or "pages_show_list")
            .SelectMany(s => s.TargetIds ?? []).Where(id => id is { Length: > 0 }).Distinct();

        var pages = new List<PageNode>();
        foreach (var pageId in pageIds.Take(MaxPagesOfPages))
        {
            if (await UnlessRefusedAsync(() => api.GetPageAsync(pageId, PageFieldsOfOne, userAccessToken, cancellationToken)) is { } page)
                pages.Add(page);
        }

        return pages;
    }

    private async Task<TokenAnswer> InspectAsync(string token, CancellationToken cancellationToken)
    {
        var (appId, appSecret) = await AppAsync(cancellationToken);
        try
        {
            return await api.InspectTokenAsync(token, AppToken(appId, appSecret), cancellationToken);
        }
        catch (GraphException exception)
        {
            throw new GraphException(GraphErrors.OfAppToken(exception.Refusal), exception);
        }
    }

    private static string ProblemOf(TokenNode token) =>
        GraphErrors.Of(token.Error ?? new GraphError(null, "190", null, null, null, null, null), HttpStatusCode.OK, GraphCall.Read).Title;

    private async Task<SuccessAnswer> SubscribeAsync(string pageId, string token, CancellationToken cancellationToken)
    {
        var fields = Subscriptions.PageFields;
        while (true)
        {
            try
            {
                return await api.SubscribeAsync(pageId, string.Join(',', fields), token, cancellationToken);
            }
            catch (GraphException exception) when (exception.Refusal.Code is InvalidParameter)
            {
                // Each round drops a field at least, so there are only so many.
                var accepted = Subscriptions.WithoutRefused(fields, exception.Refusal.Detail);
                if (accepted.Count == fields.Count || accepted.Count == 0) throw;
                fields = accepted;
            }
        }
    }

    private static JsonElement PayloadOf(OutgoingAttachment attachment) => attachment.Template is { } template
        ? JsonElement.Parse(template)
        : JsonSerializer.SerializeToElement(new AttachmentPayload(attachment.RemoteId), GraphJson.Default.AttachmentPayload);

    private static RemoteMessage? ToRemoteMessage(MessageNode message) =>
        message.Id is { Length: > 0 } id && Time(message.CreatedTime) is { } createdAt
            ? new RemoteMessage(id, message.From?.Id ?? "", message.Message, createdAt, [.. (message.Attachments?.Items ?? []).Select(a => ToAttachment(a)?.Type ?? "unknown")])
            : null;

    /// <summary>From the words of the Conversations API to those of the webhook (platform reference, Conversations API; Webhooks → Inbound messages).</summary>
    private static AttachmentContent? ToAttachment(AttachmentNode attachment) => attachment switch
    {
        { ImageData: { Url.Length: > 0 } image } => new AttachmentContent(image.RenderAsSticker is true ? "sticker" : "image", image.Url),
        { VideoData.Url.Length: > 0, MimeType: { } mime } when IsSound(mime) => new AttachmentContent("audio", attachment.VideoData.Url),
        { VideoData.Url.Length: > 0 } => new AttachmentContent("video", attachment.VideoData.Url),
        { FileUrl.Length: > 0, MimeType: { } mime } when IsSound(mime) => new AttachmentContent("audio", attachment.FileUrl),
        { FileUrl.Length: > 0 } => new AttachmentContent("file", attachment.FileUrl),
        _ => null,
    };

    private static bool IsSound(string mime) => mime.StartsWith("audio/", StringComparison.OrdinalIgnoreCase);

    private static async Task<T?> UnlessRefusedAsync<T>(Func<Task<T>> call) where T : class
    {
        try
        {
            return await call();
        }
        catch (GraphException)
        {
            return null;
        }
    }

    private static GraphException Incomplete(string field, GraphCall call = GraphCall.Read) =>
        new(GraphErrors.NoAnswer($"Meta's answer has no {field}.", call));

    private static string? FirstNotEmpty(params ReadOnlySpan<string?> names)
    {
        foreach (var name in names)
        {
            if (!string.IsNullOrWhiteSpace(name)) return name;
        }

        return null;
    }

    private static DateTimeOffset? Time(long? unixSeconds) =>
        unixSeconds is > 0 and < 253_402_300_800 ? DateTimeOffset.FromUnixTimeSeconds(unixSeconds.Value) : null;

    private static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParseExact(text, TimeFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : null;
}
