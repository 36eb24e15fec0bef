using System.Net.Http.Json;
using MetaMessaging.Application.Common;
using MetaMessaging.MetaSimulator;
using MetaMessaging.Testing;

namespace MetaMessaging.WebUI.Tests;

/// <summary>
/// Goes through the simulated login dialog like a browser. Each test has its own app and simulator, because both keep state.
/// </summary>
public sealed class ConnectingTests : IAsyncLifetime
{
    private const string Coffee = "109876543210987";
    private const string Roastery = "209876543210988";

    private Simulator meta = null!;
    private App app = null!;
    private ApiClient admin = null!;

    public async ValueTask InitializeAsync()
    {
        meta = await Simulator.StartAsync();
        app = await App.StartAsync(meta);
        admin = await app.SignInAsync();
        await AppFixture.ConfigureAsync(app, admin, meta);
    }

    public async ValueTask DisposeAsync()
    {
        admin.Dispose();
        await app.DisposeAsync();
        await meta.DisposeAsync();
    }

    [Fact]
    public async Task The_address_of_the_dialog_has_all_parameters_and_a_cookie_binds_the_browser()
    {
        var answer = await admin.GetAsync("api/integrations/meta/oauth-url");

        var query = System.Web.HttpUtility.ParseQueryString(new Uri((string)answer.Json["url"]!).Query);
        Assert.Equal(SimulatorOptions.DefaultAppId, query["client_id"]);
        Assert.Equal(new Uri(app.Address, "integrations/meta-messaging/oauth/callback").ToString(), query["redirect_uri"]);
        Assert.Equal("code", query["response_type"]);
        Assert.False(string.IsNullOrEmpty(query["state"]));
        Assert.Equal(MetaPermissions.All.Order(), query["scope"]!.Split(',').Order());
        Assert.Contains("httponly", answer.Headers["Set-Cookie"], StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", answer.Headers["Set-Cookie"], StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task One_page_is_connected_at_once_and_events_arrive()
    {
        Assert.Equal($"/settings/integrations?meta_connected={Coffee}", await admin.RunDialogAsync([Coffee]));

        var status = (await admin.GetAsync("api/integrations/meta/status")).Json;
        var connection = Assert.Single(status["connections"]!.AsArray())!;
        Assert.True((bool)status["configured"]!);
        Assert.Equal(("active", Coffee, "17841400000000001", "bluecup"), (
            (string)connection["state"]!,
            (string)connection["pageId"]!,
            (string)connection["instagramAccountId"]!,
            (string)connection["instagramUsername"]!));
        Assert.Equal(["facebookMessenger", "instagramDm"], connection["channels"]!.AsArray().Select(c => (string)c!));
        Assert.Null(connection["problem"]);
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", (string)connection["connectedAt"]!);

        await meta.Control.WriteAsync("7654321098765432", "Hello");
        await Until.True(
            async () => (await admin.GetAsync("api/conversations")).Json["items"]!.AsArray().Count == 1, "the message has arrived");
    }

    [Fact]
    public async Task One_of_several_pages_can_be_chosen_once()
    {
        await meta.Control.SetManagedPagesAsync(Coffee, Roastery);

        var location = await admin.RunDialogAsync([Coffee, Roastery]);
        Assert.StartsWith("/settings/integrations?meta_select_page=", location, StringComparison.Ordinal);
        var id = long.Parse(location.Split('=')[1], System.Globalization.CultureInfo.InvariantCulture);
        var pending = (await admin.GetAsync($"api/integrations/meta/pending/{id}")).Json;
        Assert.Equal([Coffee, Roastery], pending["pages"]!.AsArray().Select(p => (string)p!["pageId"]!).Order());
        Assert.DoesNotContain("oken", pending.ToJsonString(), StringComparison.Ordinal);

        var connected = await admin.PostAsync("api/integrations/meta/connect", new { pendingId = id, pageId = Roastery });
        Assert.Equal((201, Roastery), (connected.Status, (string)connected.Json["pageId"]!));
        Assert.Equal(404, (await admin.PostAsync("api/integrations/meta/connect", new { pendingId = id, pageId = Coffee })).Status);
        Assert.Equal(404, (await admin.GetAsync($"api/integrations/meta/pending/{id}")).Status);
    }

    [Fact]
    public async Task A_pending_choice_expires_after_ten_minutes()
    {
        await meta.Control.SetManagedPagesAsync(Coffee, Roastery);
        var id = (await admin.RunDialogAsync([Coffee, Roastery])).Split('=')[1];

        app.Clock.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal(404, (await admin.GetAsync($"api/integrations/meta/pending/{id}")).Status);
    }

    [Fact]
    public async Task No_page_a_decline_and_a_missing_permission_each_have_their_own_error()
    {
        Assert.Equal("/settings/integrations?meta_error=access_denied", await admin.RunDialogAsync([Coffee], action: "cancel"));
        Assert.Equal("/settings/integrations?meta_error=no_pages", await admin.RunDialogAsync([]));
        Assert.Equal("/settings/integrations?meta_error=missing_permissions",
            await admin.RunDialogAsync([Coffee], [.. MetaPermissions.All.Where(p => p != "pages_messaging")]));
    }

    [Fact]
    public async Task A_missing_forged_used_or_expired_state_or_that_of_another_browser_is_invalid()
    {
        const string Invalid = "/settings/integrations?meta_error=invalid_state";
        Assert.Equal(Invalid, await admin.FinishAsync("integrations/meta-messaging/oauth/callback?code=x"));
        Assert.Equal(Invalid, await admin.FinishAsync("integrations/meta-messaging/oauth/callback?code=x&state=forged"));

        var callback = await CallbackAsync();
        using var other = app.Anonymous(cookies: true);
        Assert.Equal(Invalid, await other.FinishAsync(callback));
        Assert.Equal($"/settings/integrations?meta_connected={Coffee}", await admin.FinishAsync(callback));
        Assert.Equal(Invalid, await admin.FinishAsync(callback));

        var late = await CallbackAsync();
        app.Clock.Advance(TimeSpan.FromMinutes(10.5));
        Assert.Equal(Invalid, await admin.FinishAsync(late));
    }

    [Fact]
    public async Task A_code_that_meta_refuses_is_a_failed_exchange()
    {
        await meta.Control.PlanFaultAsync(new { operation = "oauth", code = 100, times = 5 });

        Assert.Equal("/settings/integrations?meta_error=exchange_failed", await admin.RunDialogAsync([Coffee]));
    }

    [Fact]
    public async Task A_page_of_another_organization_is_already_connected()
    {
        await admin.RunDialogAsync([Coffee]);
        var other = await app.CreateTenantAsync();

        Assert.Equal("/settings/integrations?meta_error=page_already_connected", await other.Admin.Api.RunDialogAsync([Coffee]));
        Assert.Empty((await other.Admin.Api.GetAsync("api/integrations/meta/status")).Json["connections"]!.AsArray());
    }

    [Fact]
    public async Task Another_user_who_signed_in_meanwhile_cannot_finish_the_connection()
    {
        var begun = await admin.GetAsync("api/integrations/meta/oauth-url");
        var other = await app.CreateTenantAsync();
        foreach (System.Net.Cookie cookie in admin.Cookies.GetAllCookies()) other.Admin.Api.Cookies.Add(
            new System.Net.Cookie(cookie.Name, cookie.Value, cookie.Path, cookie.Domain));
        var callback = await admin.AnswerDialogAsync((string)begun.Json["url"]!, [Coffee]);

        Assert.Equal("/settings/integrations?meta_error=invalid_state", await other.Admin.Api.FinishAsync(callback));
        Assert.Empty((await other.Admin.Api.GetAsync("api/integrations/meta/status")).Json["connections"]!.AsArray());
    }

    [Fact]
    public async Task Disconnecting_deletes_the_token_and_ends_the_subscription()
    {
        await admin.RunDialogAsync([Coffee]);
        var id = (long)(await admin.GetAsync("api/integrations/meta/status")).Json["connections"]![0]!["id"]!;

        Assert.Equal(204, (await admin.DeleteAsync($"api/integrations/meta/connections/{id}")).Status);

        Assert.Equal(404, (await admin.DeleteAsync($"api/integrations/meta/connections/{id}")).Status);
        var connection = (await admin.GetAsync("api/integrations/meta/status")).Json["connections"]!.AsArray().SingleOrDefault();
        Assert.True(connection is null || (string)connection["state"]! == "disconnected");
        var page = (await meta.Control.Http.GetAsync("sim/pages", TestContext.Current.CancellationToken)).Content;
        Assert.DoesNotContain(
            "\"subscribedFields\":[\"", await page.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_one_page_in_Metas_list_and_more_in_the_scopes_nothing_is_connected_unasked()
    {
        await meta.Control.SetManagedPagesAsync(Coffee, Roastery);
        await ChangePageAsync(Roastery, new { listed = false });

        var after = await admin.RunDialogAsync([Coffee, Roastery]);

        Assert.Empty((await admin.GetAsync("api/integrations/meta/status")).Json["connections"]!.AsArray());
        Assert.Equal([Coffee, Roastery], await OfferedAsync(after));
        var connected = await admin.PostAsync("api/integrations/meta/connect", new { pendingId = PendingId(after), pageId = Roastery });
        Assert.Equal((201, "active"), (connected.Status, (string)connected.Json["state"]!));
    }

    [Fact]
    public async Task A_page_that_cannot_be_chosen_is_offered_with_the_reason()
    {
        await meta.Control.SetManagedPagesAsync(Coffee, Roastery);
        var other = await app.CreateTenantAsync();
        Assert.Equal($"/settings/integrations?meta_connected={Coffee}", await other.Admin.Api.RunDialogAsync([Coffee]));
        await ChangePageAsync(Roastery, new { tasks = new[] { "CREATE_CONTENT", "MODERATE" } });

        var after = await admin.RunDialogAsync([Coffee, Roastery]);

        var pages = (await admin.GetAsync($"api/integrations/meta/pending/{PendingId(after)}")).Json["pages"]!.AsArray();
        Assert.Equal(
            [(Coffee, false, "owned_by_other_organization"), (Roastery, false, "no_messaging_task")],
            pages.Select(p => ((string)p!["pageId"]!, (bool)p["selectable"]!, (string?)p["reason"])));
        var connect = new { pendingId = PendingId(after), pageIds = new[] { Coffee, Roastery, "1" } };
        var answer = await admin.PostAsync("api/integrations/meta/connect", connect);
        Assert.Equal((200, 0), (answer.Status, answer.Json["connected"]!.AsArray().Count));
        Assert.Equal(
            [(Coffee, "page_already_connected"), (Roastery, "page_not_connectable"), ("1", "page_not_found")],
            answer.Json["failed"]!.AsArray().Select(f => ((string)f!["pageId"]!, (string)f["code"]!)));
        var page = (await admin.GetAsync(after.TrimStart('/'))).Text;
        Assert.Contains("data-reason=\"NoMessagingTask\"", page, StringComparison.Ordinal);
        Assert.Equal(2, page.Split("disabled=\"disabled\"").Length - 1);
    }

    [Fact]
    public async Task A_page_that_does_not_inform_the_app_can_be_subscribed_again_from_its_card()
    {
        await meta.Control.PlanFaultAsync(
            new { operation = "subscribedApps", httpStatus = 200, body = """{"success":false}""", times = 1 });
        await admin.RunDialogAsync([Coffee]);
        var connection = (await admin.GetAsync("api/integrations/meta/status")).Json["connections"]![0]!;
        var problem = Assert.Single(connection["problems"]!.AsArray())!;
        Assert.Equal(("pageSubscription", "resubscribe"), ((string)problem["code"]!, (string)problem["action"]!));
        Assert.Contains("data-resubscribe", (await admin.GetAsync("settings/integrations")).Text, StringComparison.Ordinal);
        await ChangePageAsync(Coffee, new { subscribedFields = Array.Empty<string>() });

        var answer = await admin.PostAsync($"api/integrations/meta/connections/{connection["id"]}/resubscribe");

        Assert.Equal((200, 0), (answer.Status, answer.Json["problems"]!.AsArray().Count));
        Assert.DoesNotContain("data-resubscribe", (await admin.GetAsync("settings/integrations")).Text, StringComparison.Ordinal);
        await meta.Control.WriteAsync("7654321098765432", "Hello");
        await Until.True(
            async () => (await admin.GetAsync("api/conversations")).Json["items"]!.AsArray().Count == 1, "the message has arrived");
        var other = await app.CreateTenantAsync();
        Assert.Equal(
            404, (await other.Admin.Api.PostAsync($"api/integrations/meta/connections/{connection["id"]}/resubscribe")).Status);
    }

    [Fact]
    public async Task Several_pages_are_connected_in_one_go()
    {
        await meta.Control.SetManagedPagesAsync(Coffee, Roastery);
        var pendingId = PendingId(await admin.RunDialogAsync([Coffee, Roastery]));
        string[] pageIds = [Coffee, Roastery, Coffee];

        var both = await admin.PostAsync("api/integrations/meta/connect", new { pendingId, pageId = Coffee, pageIds });
        var answer = await admin.PostAsync("api/integrations/meta/connect", new { pendingId, pageIds });

        Assert.Equal((400, "validation_failed"), (both.Status, both.Code));
        Assert.Equal((200, 0), (answer.Status, answer.Json["failed"]!.AsArray().Count));
        Assert.Equal([Coffee, Roastery], answer.Json["connected"]!.AsArray().Select(c => (string)c!["pageId"]!));
        Assert.Equal(2, (await admin.GetAsync("api/integrations/meta/status")).Json["connections"]!.AsArray().Count);
        Assert.Equal(404, (await admin.PostAsync("api/integrations/meta/connect", new { pendingId, pageIds })).Status);
    }

    [Fact]
    public async Task Names_of_pages_and_accounts_lose_control_characters_and_direction_marks()
    {
        await meta.Control.SetManagedPagesAsync(Coffee, Roastery);
        await ChangePageAsync(Coffee, new { name = "Blue\u202E Cup\n" });

        var pendingId = PendingId(await admin.RunDialogAsync([Coffee, Roastery]));
        var pending = (await admin.GetAsync($"api/integrations/meta/pending/{pendingId}")).Json;

        Assert.Equal("Blue Cup", (string)pending["pages"]![0]!["pageName"]!);
    }

    [Fact]
    public async Task All_current_and_future_pages_are_those_of_the_persons_businesses()
    {
        await meta.Control.SetManagedPagesAsync(Coffee, Roastery);
        await ChangePageAsync(Coffee, new { listed = false, business = new { id = "71", edge = "owned_pages" } });
        await ChangePageAsync(Roastery, new { listed = false, business = new { id = "72", edge = "client_pages" } });
        Assert.Equal([Coffee, Roastery], await OfferedAsync(await admin.RunDialogAsync(["all"])));

        await meta.Control.PlanFaultAsync(new { operation = "clientPages", code = 200, times = 10 });

        Assert.Equal($"/settings/integrations?meta_connected={Coffee}", await admin.RunDialogAsync(["all"]));
    }

    [Fact]
    public async Task A_list_of_pages_that_is_too_much_for_Meta_is_read_in_smaller_parts()
    {
        await meta.Control.SetManagedPagesAsync(Coffee, Roastery);
        using var answer = await meta.Control.Http.PatchAsJsonAsync(
            "sim/settings", new { behaviour = new { maxPagesPerAnswer = 1 } }, TestContext.Current.CancellationToken);

        Assert.Equal([Coffee, Roastery], await OfferedAsync(await admin.RunDialogAsync([Coffee, Roastery])));
    }

    [Fact]
    public async Task An_access_that_ends_soon_is_a_warning_in_the_API_on_the_card_and_on_every_page_of_an_admin()
    {
        var eightyDaysAgo = new { advanceMs = -80L * 24 * 3600 * 1000 };
        using var clock = await meta.Control.Http.PutAsJsonAsync("sim/clock", eightyDaysAgo, TestContext.Current.CancellationToken);

        await admin.RunDialogAsync([Coffee]);

        var connection = (await admin.GetAsync("api/integrations/meta/status")).Json["connections"]![0]!;
        var problem = Assert.Single(connection["problems"]!.AsArray())!;
        Assert.Equal(
            ("active", "dataAccess", "warning", "reconnect", (string)connection["problem"]!),
            ((string)connection["state"]!, (string)problem["code"]!, (string)problem["severity"]!, (string)problem["action"]!,
                (string)problem["detail"]!));
        Assert.Equal(DateTime.UtcNow.Date, ((DateTime)problem["since"]!).ToUniversalTime().Date);
        Assert.Contains("data-problem=\"DataAccess\"", (await admin.GetAsync("settings/integrations")).Text, StringComparison.Ordinal);
        Assert.Contains("data-problem-count", (await admin.GetAsync("contacts")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_address_that_is_called_contains_a_token_a_code_or_the_app_secret()
    {
        await admin.RunDialogAsync([Coffee]);
        var id = (long)(await admin.GetAsync("api/integrations/meta/status")).Json["connections"]![0]!["id"]!;
        await admin.DeleteAsync($"api/integrations/meta/connections/{id}");

        var calls = await meta.Control.GetCallsAsync();

        Assert.Superset(
            new HashSet<string> { "oauth", "debugToken", "accounts", "subscribedApps" },
            calls.Select(call => call.Operation).OfType<string>().ToHashSet());
        Assert.All(calls, call => Assert.Empty(call.SecretsInAddress));
    }

    private static long PendingId(string after) =>
        long.Parse(after["/settings/integrations?meta_select_page=".Length..], System.Globalization.CultureInfo.InvariantCulture);

    private async Task<IEnumerable<string>> OfferedAsync(string after)
    {
        var pending = (await admin.GetAsync($"api/integrations/meta/pending/{PendingId(after)}")).Json;
        return pending["pages"]!.AsArray().Select(page => (string)page!["pageId"]!);
    }

    private async Task ChangePageAsync(string pageId, object change)
    {
        using var answer = await meta.Control.Http.PatchAsJsonAsync(
            $"sim/pages/{pageId}", change, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    private async Task<string> CallbackAsync()
    {
        var begun = await admin.GetAsync("api/integrations/meta/oauth-url");
        return await admin.AnswerDialogAsync((string)begun.Json["url"]!, [Coffee]);
    }
}
