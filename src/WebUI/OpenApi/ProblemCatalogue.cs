namespace MetaMessaging.WebUI.OpenApi;

/// <summary>Every code that a problem may carry, with its status and the case in which it is answered.</summary>
internal static class ProblemCatalogue
{
    private static readonly Problem[] All =
    [
        new("malformed_request", 400, "The request body or a parameter cannot be read."),
        new("validation_failed", 400, "One or more fields are invalid; `errors` lists them."),
        new(
            "antiforgery_token_missing", 400,
            "A request with the back office's cookie has no valid `X-CSRF-TOKEN` header. Access tokens and API keys need none."),
        new("unauthenticated", 401, "Missing, unknown or expired credentials."),
        new(
            "two_factor_required", 401,
            "The password is right, and a second factor is needed: send `twoFactorToken` and a code to `/api/auth/login/two-factor`."),
        new("forbidden", 403, "The user's role or the API key's scopes do not allow this request."),
        new("invalid_signature", 403, "The signature does not match the body and the app secret."),
        new("verify_token_mismatch", 403, "The verify token differs from the one in System Config."),
        new("origin_not_allowed", 403, "Live updates are available to pages of this installation only."),
        new("password_reset_not_allowed", 403, "Only a system administrator may reset this password."),
        new(
            "two_factor_setup_required", 403,
            "The organization requires a second factor, and the user has none: only `/api/me` and its sub-paths work until it is set up."),
        new("not_found", 404, "No route matches the path."),
        new("api_key_not_found", 404, "The organization has no API key with this id."),
        new("attachment_not_found", 404, "The organization has no attachment with this id, or its file is not (yet) stored."),
        new("avatar_not_found", 404, "The organization has no contact with this id, or the contact has no picture."),
        new("canned_reply_not_found", 404, "The organization has no canned reply with this id."),
        new("connection_not_found", 404, "The organization has no connection with this id."),
        new("contact_not_found", 404, "The organization has no contact with this id."),
        new("conversation_not_found", 404, "The organization has no conversation with this id."),
        new("data_deletion_not_found", 404, "No deletion has this confirmation code."),
        new("identity_not_found", 404, "The contact has no id of this number."),
        new("member_not_found", 404, "The organization has no member with this user id."),
        new("invitation_not_found", 404, "The organization has no open invitation with this id."),
        new("message_not_found", 404, "The organization has no message with this id."),
        new("note_not_found", 404, "The conversation has no note with this id."),
        new("organization_not_found", 404, "There is no such organization, or the caller is not an active member of it."),
        new("page_not_found", 404, "The pending connection has no Page with this id."),
        new("pending_connection_not_found", 404, "The pending connection does not exist, was used already, or is older than ten minutes."),
        new("passkey_not_found", 404, "The user has no passkey with this id."),
        new("replay_not_found", 404, "No replay with this id is visible to the caller."),
        new("session_not_found", 404, "The user has no session with this id."),
        new("webhook_delivery_not_found", 404, "No webhook delivery with this id is visible to the caller."),
        new("method_not_allowed", 405, "The route does not support this HTTP method."),
        new("account_exists", 409, "The invitation's address has an account already. Sign in with it, then accept."),
        new("already_member", 409, "A member of the organization has this address."),
        new("already_set_up", 409, "The first administrator was created already."),
        new("attachment_already_sent", 409, "The upload was sent already, and each upload can be sent once. Upload the file again."),
        new("attachment_not_failed", 409, "Only an attachment whose download failed can be downloaded again."),
        new("changed_meanwhile", 409, "Another request changed the same resource at the same time. Read it again and repeat the request."),
        new("channel_not_connected", 409, "The Page or its Instagram account is not connected."),
        new("connection_expired", 409, "Meta no longer accepts the Page's access token. An admin has to reconnect the Page."),
        new("idempotency_key_reused", 409, "The same `Idempotency-Key` was used with a different body within the last 24 hours."),
        new("invitation_for_another_address", 409, "The signed-in account has another address than the invitation."),
        new("last_admin", 409, "The organization has no other active admin."),
        new("message_not_failed", 409, "Only a failed message can be sent again."),
        new("meta_not_configured", 409, "System Config is incomplete."),
        new("organization_is_deleted", 409, "The organization is being deleted."),
        new("organization_suspended", 409, "The organization is suspended, so nothing is sent."),
        new("page_already_connected", 409, "Another organization has connected this Page."),
        new("sending_blocked", 409, "Meta has blocked or restricted the Page's sending."),
        new("shortcut_taken", 409, "Another canned reply of the organization has this shortcut."),
        new("two_factor_not_enabled", 409, "The user has no second factor."),
        new("two_factor_enabled", 409, "The user has an authenticator app already. Remove it first."),
        new("reset_link_expired", 410, "The link was used already, is older than an hour, or was never issued."),
        new("invitation_expired", 410, "The invitation does not exist, was used or revoked already, or is older than seven days."),
        new("too_large", 413, "The request body exceeds the maximum size of this route."),
        new("unsupported_media_type", 415, "The route supports neither this `Content-Type` nor files of this type."),
        new("attachment_not_supported", 422, "The channel does not support files of this type or size."),
        new("file_empty", 422, "The file is empty."),
        new("human_agent_required", 422, "With an API key, the tag `humanAgent` requires the user id of a member as `agentId`."),
        new("no_content", 422, "The request has no text, attachment or template to send."),
        new("only_identity", 422, "The contact has one id only, so there is nothing to take apart."),
        new("note_of_another_member", 422, "Only its author or an admin may delete a note."),
        new("outside_messaging_window", 422, "The customer's last message is too old: Meta allows no message now."),
        new("page_not_connectable", 422, "Meta granted no access to the Page: the person needs a role on it that may manage messages."),
        new("quick_replies_not_supported", 422, "Instagram supports quick replies only together with a text."),
        new("reaction_not_possible", 422, "Only a message that the customer sent and did not unsend can have a reaction."),
        new("recipient_unknown", 422, "The contact has never sent a message on this channel."),
        new("reply_target_unavailable", 422, "The message to reply to does not exist at Meta: it was never sent, or was unsent."),
        new("same_contact", 422, "A contact cannot be merged with itself."),
        new("snooze_in_the_past", 422, "`snoozedUntil` lies in the past."),
        new("template_not_supported", 422, "The channel does not support this type of template."),
        new("text_too_long", 422, "The text has more than 2,000 characters on Messenger, or more than 1,000 bytes of UTF-8 on Instagram."),
        new("upload_incomplete", 422, "The upload ended before the whole file arrived. Upload the file again."),
        new("too_many_canned_replies", 422, "The organization has the maximum number of canned replies. Delete one first."),
        new("too_many_requests", 429, "Too many requests with the API key, or failed sign-ins. Retry after `Retry-After` seconds."),
        new("internal_error", 500, "An unexpected error, which was logged under `traceId`."),
        new("meta_refused", 502, "Meta refused the request or did not answer; `detail` gives the reason."),
        new("storage_unavailable", 503, "The database or disk cannot be written; nothing was changed. Retry after `Retry-After` seconds."),
        new("meta_not_configured", 503, "Without an app secret no signature can be checked. Retry after `Retry-After` seconds."),
        new("delivery_not_stored", 503, "The delivery cannot be stored at the moment. Retry after `Retry-After` seconds."),
    ];

    /// <param name="status">Needed for a code that is answered with several.</param>
    public static Problem Of(string code, int? status = null) => All.First(p => p.Code == code && (status ?? p.Status) == p.Status);

    /// <summary>A Markdown table, by status, for the head of the document.</summary>
    public static string AsTable()
    {
        var rows = All
            .OrderBy(p => p.Status)
            .ThenBy(p => p.Code, StringComparer.Ordinal)
            .Select(p => $"| {p.Status} | `{p.Code}` | {p.When} |\n");
        return "| status | code | when |\n|---|---|---|\n" + string.Concat(rows);
    }
}

internal sealed record Problem(string Code, int Status, string When);
