using System.Net;
using System.Text.RegularExpressions;
using System.Web;

namespace MetaMessaging.MetaSimulator.Tests;

public sealed partial class OAuthTests(SimulatorFixture fixture) : SimulatorTest(fixture)
{
    private const string Redirect = SimulatorOptions.DefaultRedirectUri;
    private const string Scopes = "pages_show_list,pages_messaging,pages_manage_metadata,instagram_basic";

    [Fact]
    public async Task A_code_is_exchanged_for_tokens_that_list_the_ticked_page()
    {
        var code = await LoginAsync(["109876543210987"], Scopes.Split(','));
        var shortLived = await ExchangeAsync(code);
        var longLived = await TokenAsync($"grant_type=fb_exchange_token&fb_exchange_token={shortLived["access_token"]}");

        var accounts = await GetAsync("me/accounts?fields=id,access_token,instagram_business_account{username}", longLived["access_token"]);
        var page = accounts.Body["data"]![0]!;
        var debug = await GetAsync($"debug_token?input_token={page["access_token"]}", AppToken);

        Assert.Equal("bluecup", (string)page["instagram_business_account"]!["username"]!);
        Assert.True((bool)debug.Body["data"]!["is_valid"]!);
        Assert.Equal(0, (int)debug.Body["data"]!["expires_at"]!);
    }

    [Fact]
    public async Task A_code_can_be_used_once()
    {
        var code = await LoginAsync([PageId], Scopes.Split(','));

        Assert.Equal(200, (await ExchangeAsync(code)).Status);
        Assert.Equal((100, 36009), Numbers(await ExchangeAsync(code)));
    }

    [Fact]
    public async Task A_code_expires_after_ten_minutes()
    {
        var code = await LoginAsync([PageId], Scopes.Split(','));
        await Control.AdvanceClockAsync(TimeSpan.FromMinutes(11));

        Assert.Equal((100, 36007), Numbers(await ExchangeAsync(code)));
    }

    [Fact]
    public async Task The_exchange_refuses_another_redirect_secret_or_app()
    {
        var code = await LoginAsync([PageId], Scopes.Split(','));

        Assert.Equal((100, 36008), Numbers(await ExchangeAsync(code, redirect: Redirect + "/")));
        Assert.Equal((1, null), Numbers(await ExchangeAsync(code, secret: "wrong")));
        Assert.Equal((101, null), Numbers(await ExchangeAsync(code, app: "1")));
    }

    [Theory]
    [InlineData("client_id=1")]
    [InlineData("redirect_uri=http%3A%2F%2Flocalhost%3A5080%2Felsewhere")]
    [InlineData("scope=no_such_permission")]
    public async Task The_dialog_keeps_its_errors_to_itself(string parameter)
    {
        using var http = NewBrowser();
        var answer = await http.GetAsync(DialogAddress(parameter), Stop);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Null(answer.Headers.Location);
        Assert.Contains("data-dialog-error", await answer.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancel_redirects_with_an_error_and_the_unchanged_state()
    {
        using var http = NewBrowser();
        var answer = await http.PostAsync(DialogAddress(), new FormUrlEncodedContent([new("action", "cancel")]), Stop);
        var query = HttpUtility.ParseQueryString(answer.Headers.Location!.Query);

        Assert.Equal("access_denied", query["error"]);
        Assert.Equal("user_denied", query["error_reason"]);
        Assert.Equal("a b/c+d", query["state"]);
    }

    [Fact]
    public async Task A_new_run_replaces_the_pages_of_the_one_before()
    {
        await Control.SetManagedPagesAsync(PageId, "209876543210988");
        var user = (await ExchangeAsync(await LoginAsync([PageId], Scopes.Split(','))))["access_token"];
        var first = (string)(await GetAsync("me/accounts", user)).Body["data"]![0]!["access_token"]!;

        await LoginAsync(["209876543210988"], Scopes.Split(','));

        Assert.Equal((190, 458), Numbers(await GetAsync(PageId, first)));
        Assert.Equal("209876543210988", (string)Assert.Single((await GetAsync("me/accounts", user)).Body["data"]!.AsArray())!["id"]!);
    }

    [Fact]
    public async Task Without_instagram_basic_the_instagram_account_stays_hidden()
    {
        var user = (await ExchangeAsync(await LoginAsync([PageId], ["pages_show_list", "pages_messaging"])))["access_token"];
        var page = (await GetAsync("me/accounts?fields=id,instagram_business_account", user)).Body["data"]![0]!;

        Assert.Null(page["instagram_business_account"]);
        Assert.Contains("declined", (await GetAsync("me/permissions", user)).Body.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_declined_permission_is_offered_again_only_on_request()
    {
        await LoginAsync([PageId], ["pages_show_list"]);
        using var http = NewBrowser();

        Assert.DoesNotContain("value=\"pages_messaging\"", await http.GetStringAsync(DialogAddress(), Stop), StringComparison.Ordinal);
        Assert.Contains(
            "value=\"pages_messaging\"", await http.GetStringAsync(DialogAddress("auth_type=rerequest"), Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Removing_the_app_invalidates_every_token()
    {
        var user = (await ExchangeAsync(await LoginAsync([PageId], Scopes.Split(','))))["access_token"];
        await GraphAsync(HttpMethod.Delete, "122100000000000001/permissions", null, user);

        Assert.Equal((190, 458), Numbers(await GetAsync("me", user)));
        Assert.Equal((190, 458), Numbers(await GetAsync("me")));
    }

    [Fact]
    public async Task The_list_of_pages_is_paged_and_its_links_contain_no_token()
    {
        await Control.SetManagedPagesAsync(PageId, "209876543210988");
        var user = (await ExchangeAsync(await LoginAsync([PageId, "209876543210988"], Scopes.Split(','))))["access_token"];

        var first = await GetAsync("me/accounts?fields=id&limit=1", user);
        var next = (string)first.Body["paging"]!["next"]!;
        var second = await GetAsync(new Uri(next).PathAndQuery["/v25.0/".Length..], user);

        Assert.DoesNotContain("access_token", next, StringComparison.Ordinal);
        Assert.Equal("209876543210988", (string)second.Body["data"]![0]!["id"]!);
        Assert.Null(second.Body["paging"]!["next"]);
    }

    private static (int?, int?) Numbers(GraphAnswer answer) => (answer.Code, answer.Subcode);

    private static HttpClient NewBrowser() => new(new HttpClientHandler { AllowAutoRedirect = false });

    private string DialogAddress(string change = "")
    {
        var query = HttpUtility.ParseQueryString("");
        query["client_id"] = SimulatorOptions.DefaultAppId;
        query["redirect_uri"] = Redirect;
        query["state"] = "a b/c+d";
        query["response_type"] = "code";
        query["scope"] = Scopes;
        foreach (
            var (name, value) in HttpUtility.ParseQueryString(change).AllKeys.Select(
                key => (key!, HttpUtility.ParseQueryString(change)[key]))) query[name] = value;
        return $"{Meta.BaseAddress}v25.0/dialog/oauth?{query}";
    }

    private async Task<string> LoginAsync(string[] pages, string[] permissions)
    {
        using var http = NewBrowser();
        var form = pages.Select(page => KeyValuePair.Create("pages", page))
            .Concat(
                permissions.Select(
                    permission => KeyValuePair.Create("permissions", permission))).Append(KeyValuePair.Create("action", "continue"));
        var answer = await http.PostAsync(DialogAddress("auth_type=rerequest"), new FormUrlEncodedContent(form));
        return CodeOf().Match(answer.Headers.Location!.Query).Groups[1].Value;
    }

    private Task<GraphAnswer> ExchangeAsync(
        string code, string redirect = Redirect, string secret = SimulatorOptions.DefaultAppSecret,
        string app = SimulatorOptions.DefaultAppId) =>
        GraphAsync(
            HttpMethod.Get,
            $"oauth/access_token?client_id={app}&client_secret={secret}&redirect_uri={Uri.EscapeDataString(redirect)}&code={code}",
            token: "",
            proof: false);

    private Task<GraphAnswer> TokenAsync(string query) => GraphAsync(
        HttpMethod.Get,
        $"oauth/access_token?client_id={SimulatorOptions.DefaultAppId}&client_secret={SimulatorOptions.DefaultAppSecret}&{query}",
        token: "", proof: false);

    [GeneratedRegex("code=([^&]+)")]
    private static partial Regex CodeOf();
}
