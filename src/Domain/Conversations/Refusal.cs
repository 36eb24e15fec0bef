namespace MetaMessaging.Domain.Conversations;

/// <summary>What Meta's no means for a message (platform reference, Errors → Classes).</summary>
public enum RefusalClass
{
    /// <summary>Certainly not sent; the same request may succeed later.</summary>
    Transient,

    /// <summary>Meta limits us for a while.</summary>
    Rate,

    /// <summary>The access token is dead.</summary>
    Token,

    Permission,
    Window,
    Recipient,
    Parameter,
    Attachment,

    /// <summary>Another app handles the conversation.</summary>
    Thread,

    /// <summary>Meta has restricted the Page or account.</summary>
    Restricted,

    /// <summary>The profile of this person is not to be had.</summary>
    Profile,

    /// <summary>It may have been sent: proof is needed before the next try.</summary>
    OutcomeUnknown,
}

/// <summary>Who can do something about it.</summary>
public enum RefusalActor
{
    Agent,
    Admin,
    Wait,
    Meta,
}

/// <summary>Meta's refusal in our words.</summary>
/// <param name="Code">Meta's error code; null when the answer carried none.</param>
/// <param name="Title">One sentence for the agent.</param>
/// <param name="Detail">Meta's own words, for whoever looks further.</param>
/// <param name="Retryable">Whether the same message may succeed when a person tries again.</param>
/// <param name="RetryAfter">How long Meta asks us to wait, when it does.</param>
public sealed record Refusal(
    RefusalClass Class,
    int? Code,
    int? Subcode,
    string? FbtraceId,
    string Title,
    string? Detail,
    RefusalActor Actor,
    bool Retryable,
    TimeSpan? RetryAfter = null);
