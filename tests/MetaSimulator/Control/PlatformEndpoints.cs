using System.Text.Json.Nodes;
using MetaMessaging.MetaSimulator.OAuth;
using MetaMessaging.MetaSimulator.State;
using MetaMessaging.MetaSimulator.Webhooks;

namespace MetaMessaging.MetaSimulator.Control;

/// <summary>Settings, clock, Pages, the person who logs in, tokens.</summary>
internal static class PlatformEndpoints
{
    public static void Map(IEndpointRouteBuilder sim)
    {
        sim.MapPost("/reset", (PlatformHolder holder) =>
        {
            holder.Reset();
            return Results.NoContent();
        });
        sim.MapGet("/settings", (Platform platform) => platform.Settings);
        sim.MapPatch("/settings", (JsonObject patch, Platform platform) =>
        {
            platform.Change(settings => settings.Patched(patch));
            platform.Live.Publish("settings");
            return platform.Settings;
        });
        sim.MapGet("/clock", (Platform platform) => ReadClock(platform));
        sim.MapPut("/clock", SetClock);

        sim.MapGet(
            "/pages",
            (Platform platform) =>
                platform.Pages.Values.OrderBy(page => page.Id, StringComparer.Ordinal).Select(page => PageModel.Of(platform, page)));
        sim.MapPost("/pages", CreatePage);
        sim.MapPatch("/pages/{id}", ChangePage);

        sim.MapGet("/person", (Platform platform) => PersonModel.Of(platform));
        sim.MapPut("/person", SetPerson);
        sim.MapPost("/person/remove-app", RemoveAppAsync);

        sim.MapGet(
            "/tokens",
            (Platform platform) =>
                platform.Authorizations.Tokens.OrderBy(token => token.IssuedAt).Select(token => TokenModel.Of(platform, token)));
        sim.MapPost("/tokens/invalidate", InvalidateTokens);
        sim.MapPost("/tokens/grant", GrantToken);
        sim.MapGet("/subscriptions", (Platform platform) => platform.Webhooks.Subscriptions.All);
        sim.MapPut("/subscriptions", SetSubscription);
    }

    private static ClockModel ReadClock(Platform platform) => new(platform.Clock.Now, platform.Clock.OffsetMs);

    private static ClockModel SetClock(ClockRequest request, Platform platform)
    {
        if (RequestTime.Parse(request.Now) is { } now) platform.Clock.OffsetMs = now - DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        if (request.OffsetMs is { } offset) platform.Clock.OffsetMs = offset;
        if (request.AdvanceMs is { } advance) platform.Clock.OffsetMs += advance;
        return ReadClock(platform);
    }

    private static PageModel CreatePage(PageRequest request, Platform platform)
    {
        var page = new Page
        {
            Id = request.Id ?? Ids.Digits("10", 15),
            Name = request.Name ?? "A Page",
            Category = request.Category ?? "Local business",
            Instagram = request.Instagram is { } account ? NewInstagram(account, request.Name) : null,
            IsListed = request.Listed is not false,
            Business = request.Business,
        };
        platform.Add(page);
        if (request.Managed is not false) platform.Persons[platform.CurrentPersonId].Pages[page.Id] = request.Tasks ?? Person.AllTasks;
        platform.Live.Publish("pages");
        return PageModel.Of(platform, page);
    }

    private static PageModel ChangePage(string id, PageRequest request, Platform platform)
    {
        var page = platform.Pages.GetValueOrDefault(id) ?? throw ControlException.NotFound($"Page {id}");
        if (request.Name is not null) page.Name = request.Name;
        if (request.Category is not null) page.Category = request.Category;
        if (request.Listed is { } listed) page.IsListed = listed;
        if (request.Business is { } business) page.Business = business;
        if (request.UnlinkInstagram is true) page.Instagram = null;
        else if (request.Instagram is { } account)
        {
            if (page.Instagram is { } current && (account.Id ?? current.Id) == current.Id) Change(current, account);
            else page.Instagram = NewInstagram(account, page.Name);
        }

        if (request.DefaultAppId is { } app) page.DefaultAppId = app is "" ? null : app;
        if (request.Restriction is { } restriction) page.Restriction = restriction.Code is 0 ? null : restriction;
        if (request.SubscribedFields is { } fields) page.SubscribedFields = fields is [] ? null : fields;

        var person = platform.Persons[platform.CurrentPersonId];
        if (request.Managed is false) person.Pages.TryRemove(id, out _);
        else if (request.Managed is true || request.Tasks is not null) person.Pages[id] = request.Tasks ?? Person.AllTasks;
        platform.Live.Publish("pages");
        return PageModel.Of(platform, page);
    }

    private static InstagramAccount NewInstagram(InstagramRequest request, string? name) => new()
    {
        Id = request.Id ?? Ids.Digits("17841", 17),
        Username = request.Username ?? "an.account",
        Name = request.Name ?? name ?? "An account",
        AllowsMessageAccess = request.AllowsMessageAccess ?? true,
    };

    private static void Change(InstagramAccount account, InstagramRequest change)
    {
        if (change.Username is not null) account.Username = change.Username;
        if (change.Name is not null) account.Name = change.Name;
        if (change.AllowsMessageAccess is { } allows) account.AllowsMessageAccess = allows;
    }

    private static PersonModel SetPerson(PersonRequest request, Platform platform)
    {
        var id = request.Id ?? platform.CurrentPersonId;
        var person = platform.Persons.GetOrAdd(id, _ => new Person { Id = id, Name = request.Name ?? "Someone" });
        if (request.Name is not null) person.Name = request.Name;
        platform.CurrentPersonId = id;
        if (request.PageIds is { } pageIds)
        {
            if (pageIds.FirstOrDefault(pageId => !platform.Pages.ContainsKey(pageId)) is { } unknown)
                throw ControlException.NotFound($"Page {unknown}");
            person.Pages.Clear();
            foreach (var pageId in pageIds) person.Pages[pageId] = request.Tasks ?? Person.AllTasks;
        }

        platform.Live.Publish("pages");
        return PersonModel.Of(platform);
    }

    /// <summary>
    /// Removes the app as the person's Facebook settings do: the tokens become invalid, and the app's deauthorize or deletion callback
    /// is called (platform reference, OAuth → signed_request).
    /// </summary>
    private static async Task<IResult> RemoveAppAsync(RemoveAppRequest? request, Platform platform, HttpClients http)
    {
        var personId = platform.CurrentPersonId;
        platform.Authorizations.Revoke(personId);
        var address = request?.DataDeletion is true
            ? platform.Settings.App.DataDeletionCallbackUrl
            : platform.Settings.App.DeauthorizeCallbackUrl;
        if (address is null) return Results.Ok(new { callback = (string?)null });

        using var form = new FormUrlEncodedContent([new("signed_request", SignedRequest.Make(platform, personId))]);
        using var answer = await http.Webhooks.PostAsync(address, form);
        return Results.Ok(new { callback = address, status = (int)answer.StatusCode, body = await answer.Content.ReadAsStringAsync() });
    }

    private static object InvalidateTokens(InvalidateRequest request, Platform platform)
    {
        var invalidated = platform.Authorizations.Tokens.Where(token =>
            (request.PageId is null || token.PageId == request.PageId)
            && (request.UserId is null || token.UserId == request.UserId)
            && (request.Token is null || token.Value == request.Token)).ToList();
        foreach (var token in invalidated) token.Invalidation = request.Revive is true ? null : new TokenInvalidation(request.Subcode);
        return new { tokens = invalidated.Count };
    }

    /// <summary>Issues a page token without the dialog.</summary>
    private static object GrantToken(GrantRequest request, Platform platform)
    {
        var pageId = request.PageId ?? Seed.CoffeePageId;
        if (!platform.Pages.ContainsKey(pageId)) throw ControlException.NotFound($"Page {pageId}");

        platform.Persons[platform.CurrentPersonId].Pages.TryAdd(pageId, Person.AllTasks);
        var permissions = request.Permissions?.ToHashSet(StringComparer.Ordinal) ?? Seed.EveryPermission;
        return new { pageId, accessToken = platform.Authorizations.GrantDirectly(platform.CurrentPersonId, pageId, permissions).Value };
    }

    /// <summary>Stores the subscription as the App Dashboard does, but without the verification call.</summary>
    private static object SetSubscription(SubscriptionRequest request, Platform platform)
    {
        foreach (var (webhookObject, known) in new[] { ("page", WebhookFields.Page), ("instagram", WebhookFields.Instagram) })
        {
            if (request.Object is not null && request.Object != webhookObject) continue;
            platform.Webhooks.Subscriptions.Set(
                new AppSubscription(webhookObject, request.CallbackUrl, request.VerifyToken ?? "", request.Fields ?? known, true));
        }

        platform.Live.Publish("pages");
        return platform.Webhooks.Subscriptions.All;
    }
}
