namespace MetaMessaging.Domain.Conversations;

/// <summary>Why a message failed or waits. An owned type: stored in columns of the message.</summary>
public sealed class MessageError
{
    private MessageError() { }

    internal MessageError(Refusal refusal)
    {
        Class = refusal.Class;
        Code = refusal.Code;
        Subcode = refusal.Subcode;
        FbtraceId = refusal.FbtraceId;
        Title = refusal.Title;
        Detail = refusal.Detail;
        Actor = refusal.Actor;
        Retryable = refusal.Retryable;
    }

    /// <summary>Null for messages that failed before the class was stored.</summary>
    public RefusalClass? Class { get; private set; }

    public int? Code { get; private set; }

    public int? Subcode { get; private set; }

    public string? FbtraceId { get; private set; }

    public string Title { get; private set; } = "";

    public string? Detail { get; private set; }

    public RefusalActor Actor { get; private set; }

    public bool Retryable { get; private set; }
}
