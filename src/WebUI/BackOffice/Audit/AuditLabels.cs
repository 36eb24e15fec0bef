using System.Text.Json;
using Humanizer;
using MetaMessaging.Application.Audit;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace MetaMessaging.WebUI.BackOffice;

/// <summary>The audit log in sentences: the actor, the label of the action, the target.</summary>
internal static class AuditLabels
{
    private static readonly Dictionary<string, (string Name, string Icon)> Groups = new()
    {
        ["signIn"] = ("Sign-ins", "lock"), ["session"] = ("Sessions", "logout"), ["member"] = ("Members", "users"),
        ["profile"] = ("Profiles", "user-circle"), ["password"] = ("Passwords", "lock"), ["twoFactor"] = ("Second factor", "shield-lock"),
        ["passkey"] = ("Passkeys", "key"), ["security"] = ("Security settings", "shield-lock"), ["retention"] = ("Retention", "clock"),
        ["apiKey"] = ("API keys", "key"), ["systemConfig"] = ("System Config", "settings"),
        ["connection"] = ("Connections", "plug-connected"), ["contact"] = ("Contacts", "user"), ["delivery"] = ("Deliveries", "webhook"),
        ["cannedReply"] = ("Canned replies", "message-bolt"), ["organization"] = ("Organizations", "server"),
        ["dataDeletion"] = ("Data deletion", "trash"), ["note"] = ("Notes", "trash"), ["openId"] = ("Sign-in provider", "lock"),
    };

    private static readonly Dictionary<string, string> Actions = new()
    {
        [AuditActions.SignInSucceeded] = "signed in", [AuditActions.SignInFailed] = "could not sign in",
        [AuditActions.SignInLockedOut] = "was locked out after failed sign-ins", [AuditActions.SessionEnded] = "ended a session",
        [AuditActions.MemberInvited] = "invited", [AuditActions.InvitationRevoked] = "revoked the invitation of",
        [AuditActions.MemberJoined] = "joined the organization", [AuditActions.MemberChanged] = "changed the member",
        [AuditActions.MemberRemoved] = "removed the member", [AuditActions.ProfileChanged] = "changed the profile",
        [AuditActions.PasswordChanged] = "changed the password", [AuditActions.PasswordReset] = "reset the password",
        [AuditActions.PasswordResetLinkCreated] = "created a link for a new password of",
        [AuditActions.OpenIdLinked] = "connected the account with the sign-in provider", [AuditActions.NoteDeleted] = "deleted the",
        [AuditActions.TwoFactorEnabled] = "turned the second factor on", [AuditActions.TwoFactorDisabled] = "turned the second factor off",
        [AuditActions.RecoveryCodesRenewed] = "made new recovery codes",
        [AuditActions.PasskeyAdded] = "added a passkey", [AuditActions.PasskeyRemoved] = "removed a passkey",
        [AuditActions.SecurityChanged] = "changed the security settings", [AuditActions.RetentionChanged] = "changed how long data is kept",
        [AuditActions.ApiKeyCreated] = "created the API key", [AuditActions.ApiKeyDeleted] = "deleted the API key",
        [AuditActions.SystemConfigChanged] = "changed System Config", [AuditActions.ConnectionConnected] = "connected the Page",
        [AuditActions.ConnectionDisconnected] = "disconnected the Page",
        [AuditActions.ConnectionReauthorizationRequired] = "found that a Page has to be reconnected:",
        [AuditActions.ConnectionResubscribed] = "subscribed again to the Page",
        [AuditActions.ConnectionRecovered] = "found that Meta accepts the connection again:",
        [AuditActions.ContactRenamed] = "renamed the contact", [AuditActions.ContactMerged] = "merged another contact into",
        [AuditActions.ContactUnmerged] = "split a contact off from", [AuditActions.ContactErased] = "erased the contact",
        [AuditActions.ContactExported] = "exported the contact", [AuditActions.DeliveryReplayed] = "replayed",
        [AuditActions.CannedReplyCreated] = "created the canned reply", [AuditActions.CannedReplyChanged] = "changed the canned reply",
        [AuditActions.CannedReplyDeleted] = "deleted the canned reply", [AuditActions.OrganizationCreated] = "created the organization",
        [AuditActions.OrganizationChanged] = "changed the organization",
        [AuditActions.OrganizationEntered] = "entered the organization as system administrator",
        [AuditActions.OrganizationDeleted] = "deleted the organization",
        [AuditActions.DataDeletionRequested] = "was asked by Meta to delete a person's data",
    };

    /// <summary>For the filter: what can be chosen, by group, and each group as a whole.</summary>
    public static IEnumerable<SelectListItem> Choices => Groups.SelectMany(ofGroup =>
    {
        var group = new SelectListGroup { Name = ofGroup.Value.Name };
        var actions = Actions.Where(action => GroupOf(action.Key) == ofGroup.Key)
            .Select(action => new SelectListItem(action.Value.TrimEnd(':').Humanize(), action.Key) { Group = group }).ToList();
        return actions.Count == 1 ? actions : actions.Prepend(new SelectListItem($"All: {group.Name}", ofGroup.Key) { Group = group });
    });

    public static string Sentence(string action) => Actions.GetValueOrDefault(action, action);

    public static string Icon(string action) => Groups.TryGetValue(GroupOf(action), out var group) ? group.Icon : "history";

    /// <returns>Null when the sentence needs no target: it is the actor, or there is one only.</returns>
    public static string? Target(AuditEntryModel entry)
    {
        var (type, id, name) = entry.Target;
        if (type is "session" || (type is "member" && entry.Actor.Id is { } actorId && actorId.Equals(id))) return null;
        return name ?? (id is null ? null : type is "contact" ? $"#{id}" : $"{type.Humanize(LetterCasing.LowerCase)} #{id}");
    }

    public static string Field(string name) => name
        .Replace("metaMessaging", "", StringComparison.Ordinal).Replace("igAccount", "instagramAccount", StringComparison.Ordinal)
        .Humanize().Replace("Open id", "OpenID", StringComparison.Ordinal);

    public static string Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => "nothing",
        JsonValueKind.True => "yes",
        JsonValueKind.False => "no",
        JsonValueKind.Array => string.Join(", ", value.EnumerateArray().Select(Value)),
        _ => value.ToString() is { Length: > 0 } text ? text : "nothing",
    };

    /// <summary>A secret, or a customer's name: only that it was changed is known.</summary>
    public static bool IsHidden(IReadOnlyList<JsonElement> change) =>
        change is [{ ValueKind: JsonValueKind.Null }, { ValueKind: JsonValueKind.String } after] && after.ValueEquals("changed");

    private static string GroupOf(string action) => action.Split('.')[0];
}
