namespace MetaMessaging.Domain.Audit;

/// <summary>The actions of the audit log; part of the API.</summary>
public static class AuditActions
{
    public const string SignInSucceeded = "signIn.succeeded";
    public const string SignInFailed = "signIn.failed";
    public const string SignInLockedOut = "signIn.lockedOut";
    public const string SessionEnded = "session.ended";
    public const string MemberInvited = "member.invited";
    public const string InvitationRevoked = "member.invitationRevoked";
    public const string MemberJoined = "member.joined";
    public const string MemberChanged = "member.changed";
    public const string MemberRemoved = "member.removed";
    public const string ProfileChanged = "profile.changed";
    public const string PasswordChanged = "password.changed";
    public const string PasswordReset = "password.reset";
    public const string PasswordResetLinkCreated = "password.resetLinkCreated";
    public const string TwoFactorEnabled = "twoFactor.enabled";
    public const string RecoveryCodesRenewed = "twoFactor.recoveryCodesRenewed";
    public const string TwoFactorDisabled = "twoFactor.disabled";
    public const string OpenIdLinked = "openId.linked";
    public const string PasskeyAdded = "passkey.added";
    public const string PasskeyRemoved = "passkey.removed";
    public const string SecurityChanged = "security.changed";
    public const string RetentionChanged = "retention.changed";
    public const string ApiKeyCreated = "apiKey.created";
    public const string ApiKeyDeleted = "apiKey.deleted";
    public const string SystemConfigChanged = "systemConfig.changed";
    public const string ConnectionConnected = "connection.connected";
    public const string ConnectionDisconnected = "connection.disconnected";
    public const string ConnectionReauthorizationRequired = "connection.reauthorizationRequired";
    public const string ConnectionResubscribed = "connection.resubscribed";
    public const string ConnectionRecovered = "connection.recovered";
    public const string ContactRenamed = "contact.renamed";
    public const string ContactMerged = "contact.merged";
    public const string ContactUnmerged = "contact.unmerged";
    public const string ContactErased = "contact.erased";
    public const string ContactExported = "contact.exported";
    public const string DeliveryReplayed = "delivery.replayed";
    public const string CannedReplyCreated = "cannedReply.created";
    public const string CannedReplyChanged = "cannedReply.changed";
    public const string CannedReplyDeleted = "cannedReply.deleted";
    public const string NoteDeleted = "note.deleted";
    public const string OrganizationCreated = "organization.created";
    public const string OrganizationChanged = "organization.changed";
    public const string OrganizationEntered = "organization.entered";
    public const string OrganizationDeleted = "organization.deleted";
    public const string DataDeletionRequested = "dataDeletion.requested";
}
