namespace MetaMessaging.WebUI.Tests;

/// <summary>
/// Who may use which route. A route that is not here fails a test, and so does a line without a route. A caller that is not named is
/// refused: nobody and deactivated members with 401 or by the sign-in page, others with 403.
/// </summary>
/// <remarks>
/// Callers are named by their role, API keys by their only scope. outsider: signed in, without an organization.
/// key/ops: an API key with the scope ops.
/// </remarks>
internal static class AccessTable
{
    public const string Nobody = "nobody";
    public const string Deactivated = "deactivated";

    private static readonly Dictionary<string, string[]> Groups = new()
    {
        ["everybody"] = [Nobody, Deactivated, "outsider", "admin", "agent", "ops", "systemAdmin", .. Scopes()],
        ["signedIn"] = ["outsider", "admin", "agent", "ops", "systemAdmin"],
    };

    private const string Text =
        """
        GET /api/admin/connections = systemAdmin
        GET /api/admin/organizations = systemAdmin
        POST /api/admin/organizations = systemAdmin
        DELETE /api/admin/organizations/{id:long} = systemAdmin
        PATCH /api/admin/organizations/{id:long} = systemAdmin
        GET /api/admin/system-config = systemAdmin
        PUT /api/admin/system-config = systemAdmin
        GET /api/api-keys = admin systemAdmin
        POST /api/api-keys = admin systemAdmin
        DELETE /api/api-keys/{id:long} = admin systemAdmin
        POST /api/attachments = agent systemAdmin messages:send
        GET /api/attachments/{id:long}/content = agent systemAdmin conversations:read
        POST /api/attachments/{id:long}/retry = agent systemAdmin conversations:write
        GET /api/audit = admin systemAdmin
        GET /api/audit.csv = admin systemAdmin
        POST /api/auth/forgot-password = everybody
        POST /api/auth/invitations/accept = everybody
        POST /api/auth/login = everybody
        POST /api/auth/login/two-factor = everybody
        POST /api/auth/logout = signedIn
        POST /api/auth/refresh = everybody
        POST /api/auth/reset-password = everybody
        GET /api/canned-replies = agent systemAdmin conversations:read
        POST /api/canned-replies = admin systemAdmin
        DELETE /api/canned-replies/{id:long} = admin systemAdmin
        PUT /api/canned-replies/{id:long} = admin systemAdmin
        GET /api/contacts = agent systemAdmin contacts:read
        DELETE /api/contacts/{id:long} = agent systemAdmin contacts:write
        GET /api/contacts/{id:long} = agent systemAdmin contacts:read
        PATCH /api/contacts/{id:long} = agent systemAdmin contacts:write
        GET /api/contacts/{id:long}/avatar = agent systemAdmin contacts:read
        GET /api/contacts/{id:long}/export = agent systemAdmin
        POST /api/contacts/{id:long}/merge = agent systemAdmin contacts:write
        POST /api/contacts/{id:long}/unmerge = agent systemAdmin contacts:write
        GET /api/conversations = agent systemAdmin conversations:read
        GET /api/conversations/{id:long} = agent systemAdmin conversations:read
        PATCH /api/conversations/{id:long} = agent systemAdmin conversations:write
        GET /api/conversations/{id:long}/canned-replies = agent systemAdmin conversations:read
        GET /api/conversations/{id:long}/messages = agent systemAdmin conversations:read
        POST /api/conversations/{id:long}/notes = agent systemAdmin
        DELETE /api/conversations/{id:long}/notes/{noteId:long} = agent systemAdmin
        POST /api/conversations/{id:long}/read = agent systemAdmin conversations:write
        GET /api/conversations/{id:long}/timeline = agent systemAdmin conversations:read
        GET /api/conversations/{id:long}/transcript = agent systemAdmin conversations:read
        POST /api/conversations/{id:long}/typing = agent systemAdmin messages:send
        POST /api/conversations/{id:long}/unread = agent systemAdmin conversations:write
        GET /api/dashboard = agent systemAdmin conversations:read
        GET /api/docs/favicon.svg = everybody
        GET /api/docs/scalar.aspnetcore.js = everybody
        GET /api/docs/scalar.js = everybody
        GET /api/docs/{documentName?} = everybody
        POST /api/integrations/meta/connect = admin systemAdmin
        DELETE /api/integrations/meta/connections/{id:long} = admin systemAdmin
        POST /api/integrations/meta/connections/{id:long}/resubscribe = admin systemAdmin
        GET /api/integrations/meta/oauth-url = admin systemAdmin
        GET /api/integrations/meta/pending/{pendingId:long} = admin systemAdmin
        GET /api/integrations/meta/status = admin systemAdmin
        GET /api/me = signedIn
        PATCH /api/me = signedIn
        POST /api/me/organization = signedIn
        GET /api/me/organizations = signedIn
        POST /api/me/password = signedIn
        DELETE /api/me/sessions = signedIn
        GET /api/me/sessions = signedIn
        DELETE /api/me/sessions/{id:long} = signedIn
        DELETE /api/me/two-factor = signedIn
        POST /api/me/two-factor = signedIn
        POST /api/me/two-factor/confirm = signedIn
        POST /api/me/two-factor/recovery-codes = signedIn
        GET /api/members = admin agent ops systemAdmin conversations:read
        GET /api/members/invitations = admin systemAdmin
        POST /api/members/invitations = admin systemAdmin
        DELETE /api/members/invitations/{id:long} = admin systemAdmin
        DELETE /api/members/{userId:long} = admin systemAdmin
        PATCH /api/members/{userId:long} = admin systemAdmin
        POST /api/members/{userId:long}/password-reset = admin systemAdmin
        GET /api/messages = agent systemAdmin conversations:read
        POST /api/messages/retry = agent systemAdmin messages:send
        GET /api/messages/{id:long} = agent systemAdmin conversations:read
        POST /api/messages/{id:long}/reaction = agent systemAdmin messages:send
        POST /api/messages/{id:long}/retry = agent systemAdmin messages:send
        POST /api/messaging/send = agent systemAdmin messages:send
        GET /api/ops/messages/{id:long} = ops systemAdmin key/ops
        GET /api/ops/sending = ops systemAdmin key/ops
        GET /api/ops/webhook-deliveries = ops systemAdmin key/ops
        POST /api/ops/webhook-deliveries/replay = ops systemAdmin key/ops
        GET /api/ops/webhook-deliveries/replays/{id:long} = ops systemAdmin key/ops
        GET /api/ops/webhook-deliveries/summary = ops systemAdmin key/ops
        GET /api/ops/webhook-deliveries/{id:long} = ops systemAdmin key/ops
        POST /api/ops/webhook-deliveries/{id:long}/replay = ops systemAdmin key/ops
        GET /api/search = agent systemAdmin conversations:read
        GET /api/settings/organization = admin systemAdmin
        PUT /api/settings/organization = admin systemAdmin
        GET /api/settings/retention = admin systemAdmin
        PUT /api/settings/retention = admin systemAdmin
        GET /api/settings/retention/preview = admin systemAdmin
        GET /api/settings/security = admin systemAdmin
        PUT /api/settings/security = admin systemAdmin

        GET / = nobody deactivated admin agent ops systemAdmin
        POST /account/demo = everybody
        GET /account/denied = everybody
        GET /account/forgot = everybody
        POST /account/forgot = everybody
        GET /account/login = everybody
        POST /account/login = everybody
        GET /account/login/two-factor = everybody
        POST /account/login/two-factor = everybody
        POST /account/logout = everybody
        GET /account/openid = everybody
        POST /account/organization = signedIn
        POST /account/organization/leave = signedIn
        POST /account/passkey = everybody
        POST /account/passkey/options = everybody
        GET /account/reset/{token} = everybody
        POST /account/reset/{token} = everybody
        GET /admin/audit = admin systemAdmin
        GET /admin/compliance = systemAdmin
        GET /admin/connections = systemAdmin
        GET /admin/organizations = systemAdmin
        POST /admin/organizations = systemAdmin
        POST /admin/organizations/{id:long}/activate = systemAdmin
        POST /admin/organizations/{id:long}/delete = systemAdmin
        POST /admin/organizations/{id:long}/rename = systemAdmin
        POST /admin/organizations/{id:long}/suspend = systemAdmin
        GET /admin/system-config = systemAdmin
        POST /admin/system-config = systemAdmin
        GET /contacts = agent systemAdmin
        GET /contacts/{id:long} = agent systemAdmin
        POST /contacts/{id:long}/erase = agent systemAdmin
        POST /contacts/{id:long}/merge = agent systemAdmin
        POST /contacts/{id:long}/name = agent systemAdmin
        POST /contacts/{id:long}/unmerge = agent systemAdmin
        GET /dashboard = agent systemAdmin
        ANY /error = everybody
        ANY /error/{status:int:range(400,599)} = everybody
        GET /favicon.ico = everybody
        ANY /hangfire/{**path} = systemAdmin
        ANY /health/live = everybody
        ANY /health/ready = everybody
        ANY /hubs/inbox = agent systemAdmin conversations:read
        ANY /hubs/inbox/negotiate = agent systemAdmin conversations:read
        GET /inbox = agent systemAdmin
        GET /inbox/failed = agent systemAdmin
        GET /inbox/failed/link = agent systemAdmin
        POST /inbox/failed/retry = agent systemAdmin
        GET /inbox/hits = agent systemAdmin
        GET /inbox/mentions = agent systemAdmin
        GET /inbox/messages/{id:long} = agent systemAdmin
        POST /inbox/messages/{id:long}/attachments/{attachmentId:long}/retry = agent systemAdmin
        GET /inbox/messages/{id:long}/notice = agent systemAdmin
        POST /inbox/messages/{id:long}/react = agent systemAdmin
        POST /inbox/messages/{id:long}/retry = agent systemAdmin
        GET /inbox/rows = agent systemAdmin
        GET /inbox/unread = agent systemAdmin
        GET /inbox/{id:long} = agent systemAdmin
        POST /inbox/{id:long}/assign = agent systemAdmin
        GET /inbox/{id:long}/canned-replies = agent systemAdmin
        GET /inbox/{id:long}/contact = agent systemAdmin
        GET /inbox/{id:long}/header = agent systemAdmin
        GET /inbox/{id:long}/messages = agent systemAdmin
        POST /inbox/{id:long}/notes = agent systemAdmin
        POST /inbox/{id:long}/notes/{noteId:long}/delete = agent systemAdmin
        POST /inbox/{id:long}/read = agent systemAdmin
        POST /inbox/{id:long}/reply = agent systemAdmin
        GET /inbox/{id:long}/row = agent systemAdmin
        POST /inbox/{id:long}/snooze = agent systemAdmin
        POST /inbox/{id:long}/status = agent systemAdmin
        POST /inbox/{id:long}/typing = agent systemAdmin
        POST /inbox/{id:long}/unread = agent systemAdmin
        GET /inbox/{id:long}/window = agent systemAdmin
        POST /integrations/meta-messaging/data-deletion = everybody
        GET /integrations/meta-messaging/data-deletion/{code} = everybody
        POST /integrations/meta-messaging/deauthorize = everybody
        GET /integrations/meta-messaging/oauth/callback = everybody
        GET /integrations/meta-messaging/webhook = everybody
        POST /integrations/meta-messaging/webhook = everybody
        GET /invitations/{token} = everybody
        POST /invitations/{token} = everybody
        POST /invitations/{token}/sign-out = everybody
        ANY /metrics = ops systemAdmin key/ops
        GET /openapi/{documentName}.json = everybody
        GET /ops/messages/{id:long} = ops systemAdmin
        GET /ops/sending = ops systemAdmin
        GET /ops/sending/figures = ops systemAdmin
        GET /ops/webhooks = ops systemAdmin
        POST /ops/webhooks/replay = ops systemAdmin
        GET /ops/webhooks/replays/{id:long} = ops systemAdmin
        GET /ops/webhooks/summary = ops systemAdmin
        GET /ops/webhooks/{id:long} = ops systemAdmin
        GET /ops/webhooks/{id:long}/outcome = ops systemAdmin
        GET /ops/webhooks/{id:long}/payload = ops systemAdmin
        POST /ops/webhooks/{id:long}/replay = ops systemAdmin
        GET /settings/api-keys = admin systemAdmin
        POST /settings/api-keys = admin systemAdmin
        POST /settings/api-keys/{id:long}/delete = admin systemAdmin
        GET /settings/canned-replies = admin systemAdmin
        POST /settings/canned-replies = admin systemAdmin
        POST /settings/canned-replies/{id:long} = admin systemAdmin
        POST /settings/canned-replies/{id:long}/delete = admin systemAdmin
        GET /settings/integrations = admin systemAdmin
        GET /settings/integrations/connect = admin systemAdmin
        POST /settings/integrations/pages = admin systemAdmin
        POST /settings/integrations/{id:long}/disconnect = admin systemAdmin
        POST /settings/integrations/{id:long}/resubscribe = admin systemAdmin
        GET /settings/members = admin systemAdmin
        POST /settings/members/invitations = admin systemAdmin
        POST /settings/members/invitations/{id:long}/revoke = admin systemAdmin
        POST /settings/members/{userId:long}/activate = admin systemAdmin
        POST /settings/members/{userId:long}/deactivate = admin systemAdmin
        POST /settings/members/{userId:long}/password-reset = admin systemAdmin
        POST /settings/members/{userId:long}/remove = admin systemAdmin
        POST /settings/members/{userId:long}/roles = admin systemAdmin
        GET /settings/organization = admin systemAdmin
        POST /settings/organization = admin systemAdmin
        GET /settings/profile = signedIn
        POST /settings/profile = signedIn
        POST /settings/profile/password = signedIn
        GET /settings/retention = admin systemAdmin
        POST /settings/retention = admin systemAdmin
        GET /settings/retention/preview = admin systemAdmin
        GET /settings/security = signedIn
        POST /settings/security = admin systemAdmin
        POST /settings/security/passkeys = signedIn
        POST /settings/security/passkeys/options = signedIn
        POST /settings/security/passkeys/{id}/remove = signedIn
        POST /settings/security/recovery-codes = signedIn
        POST /settings/security/sessions/end = signedIn
        POST /settings/security/sessions/{id:long}/end = signedIn
        POST /settings/security/two-factor = signedIn
        POST /settings/security/two-factor/confirm = signedIn
        POST /settings/security/two-factor/remove = signedIn
        GET /setup = everybody
        POST /setup = everybody
        """;

    public static IReadOnlyDictionary<string, IReadOnlySet<string>> Routes { get; } =
        Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(" = "))
            .ToDictionary(line => line[0], line => (IReadOnlySet<string>)line[1].Split(' ').SelectMany(Expand).ToHashSet());

    public static bool Allows(string caller, string method, string pattern) =>
        Routes.TryGetValue($"{method} {pattern}", out var callers) && callers.Contains(caller);

    public static IEnumerable<string> Scopes() => Domain.Organizations.ApiKeyScopes.All.Select(scope => scope is "ops" ? "key/ops" : scope);

    private static IEnumerable<string> Expand(string name) => Groups.TryGetValue(name, out var group) ? group : [name];
}
