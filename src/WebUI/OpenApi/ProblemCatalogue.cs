namespace MetaMessaging.WebUI.OpenApi;

/// <summary>Every code that a problem may carry, with its status and the case in which it is answered.</summary>
internal static class ProblemCatalogue
{
    public static readonly IReadOnlyDictionary<string, Problem> All = new Problem[]
    {
        new("malformed_request", 400, "The body or a parameter cannot be read."),
        new("validation_failed", 400, "One or more fields are not acceptable; `errors` names them."),
        new(
            "antiforgery_token_missing", 400,
            "A call with the back office's cookie lacks its header `X-CSRF-TOKEN`. Tokens and keys need none."),
        new("unauthenticated", 401, "No token or key, or one that is not, or no longer, known."),
        new("forbidden", 403, "The role, or the key's scopes, do not include this."),
        new("invalid_signature", 403, "The delivery is not signed by Meta."),
        new("verify_token_mismatch", 403, "The verify token is another one."),
        new("origin_not_allowed", 403, "Live updates are for pages of this installation only."),
        new("not_found", 404, "There is no such address."),
        new("api_key_not_found", 404, "No such key in your organization."),
        new("attachment_not_found", 404, "No such attachment in your organization, or its file is not there (yet)."),
        new("avatar_not_found", 404, "The contact is not known, or has no picture."),
        new("canned_reply_not_found", 404, "No such canned reply in your organization."),
        new("connection_not_found", 404, "No such connection in your organization."),
        new("contact_not_found", 404, "No such contact in your organization."),
        new("conversation_not_found", 404, "No such conversation in your organization."),
        new("member_not_found", 404, "No such person in your organization."),
        new("message_not_found", 404, "No such message in your organization."),
        new("page_not_found", 404, "The Page was not among those found."),
        new("pending_connection_not_found", 404, "Unknown, used, or older than ten minutes."),
        new("replay_not_found", 404, "No such replay that is yours to see."),
        new("webhook_delivery_not_found", 404, "No such delivery that is yours to see."),
        new("method_not_allowed", 405, "The address does not take this method."),
        new("already_set_up", 409, "The first administrator exists already."),
        new("attachment_already_sent", 409, "An upload can be sent once; upload the file again."),
        new("attachment_not_failed", 409, "Only an attachment whose download failed can be downloaded again."),
        new("changed_meanwhile", 409, "Somebody else changed the same thing at the same time: look again and repeat."),
        new("channel_not_connected", 409, "The Page, or its Instagram account, is not connected."),
        new("connection_expired", 409, "Meta no longer accepts the connection; an admin has to reconnect the Page."),
        new("idempotency_key_reused", 409, "The key was used for another body within 24 hours."),
        new("message_not_failed", 409, "Only a failed message can be sent again."),
        new("meta_not_configured", 409, "System Config is incomplete."),
        new("page_already_connected", 409, "Another organization has connected this Page."),
        new("sending_blocked", 409, "Meta has blocked the Page from sending, or restricts it."),
        new("shortcut_taken", 409, "Another canned reply has this shortcut."),
        new("too_large", 413, "The body is larger than this address takes."),
        new("unsupported_media_type", 415, "The body's `Content-Type` is not one that this address takes."),
        new("attachment_not_supported", 422, "The channel does not take a file of this kind or size."),
        new("file_empty", 422, "The file holds nothing."),
        new("human_agent_required", 422, "The human-agent tag needs `agentId`, a member of the organization, when an API key sends."),
        new("no_content", 422, "There is nothing to send."),
        new("outside_messaging_window", 422, "Too long ago that the customer wrote: Meta does not allow it."),
        new("page_not_connectable", 422, "Meta gave no access to the Page; the person needs a role with messaging rights on it."),
        new("quick_replies_not_supported", 422, "Instagram takes quick replies with a text only."),
        new("reaction_not_possible", 422, "Only a message of the customer that was not unsent can be reacted to."),
        new("recipient_unknown", 422, "The contact has never written on that channel."),
        new("reply_target_unavailable", 422, "The message to reply to is not at Meta: not sent, or unsent."),
        new("same_contact", 422, "A contact cannot be merged with itself."),
        new("snooze_in_the_past", 422, "The time to snooze until is over."),
        new("template_not_supported", 422, "The channel does not take a template of this kind."),
        new("text_too_long", 422, "More than 2,000 characters on Messenger, or 1,000 bytes of UTF-8 on Instagram."),
        new("upload_incomplete", 422, "The file broke off in the middle; send it again."),
        new("too_many_canned_replies", 422, "There are as many canned replies as there can be; delete one first."),
        new("too_many_requests", 429, "Too many calls with the key, or failed sign-ins from the address; wait for `Retry-After` seconds."),
        new("internal_error", 500, "The fault is ours and was logged under `traceId`."),
        new("meta_refused", 502, "Meta said no, or nothing; `detail` says it in words."),
        new("storage_unavailable", 503, "The database or disk cannot be written; nothing was done. `Retry-After` says when to come again."),
        new("delivery_not_stored", 503, "The delivery cannot be stored right now; `Retry-After` says when to come again."),
    }.ToDictionary(p => p.Code);

    /// <summary>A Markdown table, by status, for the head of the document.</summary>
    public static string AsTable()
    {
        var rows = All.Values
            .OrderBy(p => p.Status)
            .ThenBy(p => p.Code, StringComparer.Ordinal)
            .Select(p => $"| {p.Status} | `{p.Code}` | {p.When} |\n");
        return "| status | code | when |\n|---|---|---|\n" + string.Concat(rows);
    }
}

internal sealed record Problem(string Code, int Status, string When);
