namespace MetaMessaging.Domain.Common;

/// <summary>What a refusal means for the message (platform reference, Errors → Classes).</summary>
public enum RefusalClass
{
    /// <summary>Certainly not sent; the same request may succeed later.</summary>
    Transient,

    Rate,

    Token,

    Permission,
    Window,
    Recipient,
    Parameter,
    Attachment,

    /// <summary>Another app handles the conversation.</summary>
    Thread,

    Restricted,

    /// <summary>Meta does not give out this person's profile.</summary>
    Profile,

    /// <summary>The message may have been sent: it must be looked for at Meta before the next attempt.</summary>
    OutcomeUnknown,
}

/// <summary>Who can do something about a refusal.</summary>
public enum RefusalActor { Agent, Admin, Wait, Meta }

/// <summary>Why a message was not sent, or a call to Meta was not answered: Meta's error, translated, or a reason of our own.</summary>
/// <param name="Title">One sentence for the agent.</param>
/// <param name="Detail">Meta's own text, for whoever investigates.</param>
/// <param name="Retryable">Whether the same message may succeed when a person tries again.</param>
/// <param name="ConcernsOneCall">A limit whose answer does not say that it is the Page's: only what was asked for waits.</param>
public sealed record Refusal(
    RefusalClass Class, int? Code, int? Subcode, string? FbtraceId, string Title, string? Detail, RefusalActor Actor, bool Retryable,
    TimeSpan? RetryAfter = null, bool ConcernsOneCall = false)
{
    /// <summary>Meta's subcode for an id that it does not know or does not show: usually that of one person.</summary>
    public const int NoSuchObject = 33;

    /// <summary>A refusal that carries no error of Meta's: the gateway itself did not send, or got no answer.</summary>
    public static Refusal OfGateway(RefusalClass refusalClass, string title, RefusalActor actor, bool retryable, string? detail = null) =>
        new(refusalClass, Code: null, Subcode: null, FbtraceId: null, title, detail, actor, retryable);
}
