using MetaMessaging.Domain.Connections;

namespace MetaMessaging.Domain.Conversations;

/// <summary>How far a message has come; for what we send, these columns are the queue. A base class of <see cref="Message"/>, so that EF
/// Core maps it flat and its columns can be indexed (docs/adr/0020).</summary>
public abstract class MessageDelivery : MessageBody
{
    /// <summary>The longest that a call to Meta may take which sends a message.</summary>
    public static readonly TimeSpan MaxSendTime = TimeSpan.FromSeconds(20);

    /// <summary>Ten seconds until the call begins, and the longest call, so that a claim does not expire during its call.</summary>
    public static readonly TimeSpan ClaimLifetime = MaxSendTime + TimeSpan.FromSeconds(10);

    /// <summary>Added to the claim when a file has to be uploaded first; longer than an upload to Meta takes.</summary>
    public static readonly TimeSpan UploadClaimExtension = TimeSpan.FromMinutes(2);

    /// <summary>How long the later parts of a send wait for a failed part to be sent again.</summary>
    public static readonly TimeSpan HoldDuration = TimeSpan.FromHours(1);

    private static readonly Refusal PageIsLimited = Refusal.OfGateway(
        RefusalClass.Rate, "Meta limits this Page right now; sending goes on by itself.", RefusalActor.Wait, retryable: true);

    private static readonly Refusal EarlierPartFailed = Refusal.OfGateway(
        RefusalClass.Parameter, "The part before it has failed.", RefusalActor.Agent, retryable: true);

    private static readonly Refusal WaitsForEarlierPart = Refusal.OfGateway(
        RefusalClass.Parameter, "The part before it has failed. Send that one again and this one follows, or it fails as well in an hour.",
        RefusalActor.Agent, retryable: true);

    protected MessageDelivery() { }

    /// <param name="sentAt">Null for what is still to be sent.</param>
    protected MessageDelivery(MessageStatus status, string? externalId, DateTimeOffset? sentAt)
    {
        Status = status;
        ExternalId = externalId;
        SentAt = sentAt;
    }

    /// <summary>The W3C trace context of the request that queued it, for one trace up to the receipt; null for what was not sent from
    /// here.</summary>
    public string? TraceParent { get; private set; }

    /// <summary>Meta's message id (mid); null until Meta has given one.</summary>
    public string? ExternalId { get; private protected set; }

    public MessageStatus Status { get; private set; }

    public int Attempts { get; private set; }

    /// <summary>While queued: the message is not sent before this time. Null means now.</summary>
    public DateTimeOffset? NextAttemptAt { get; private set; }

    /// <summary>While sending: one worker owns the message until then. Afterwards its outcome is looked up at Meta.</summary>
    public DateTimeOffset? ClaimedUntil { get; private set; }

    /// <summary>When the last attempt began: what Meta shows from then on may be this message.</summary>
    public DateTimeOffset? LastAttemptAt { get; private set; }

    /// <summary>An earlier part of the same send has failed: until then this one waits for that part to be sent again.</summary>
    public DateTimeOffset? HeldUntil { get; private set; }

    public MessageError? Error { get; private set; }

    /// <summary>By Meta's clock as soon as it is known, because watermarks are compared with it.</summary>
    public DateTimeOffset? SentAt { get; private set; }

    public DateTimeOffset? DeliveredAt { get; private set; }

    public DateTimeOffset? ReadAt { get; private set; }

    /// <summary>Of a first answer: when the customer's first unanswered message was received. Null for every other message, and for one
    /// that failed.</summary>
    public DateTimeOffset? WaitedSince { get; internal set; }

    /// <summary>Not stored. Others of the conversation are later, so <see cref="WaitedSince"/> of this message and of the next answer are
    /// set when it is saved.</summary>
    public bool IsOutOfOrder { get; internal set; }

    public bool IsPending => Status is MessageStatus.Queued or MessageStatus.Sending;

    protected abstract PageConnection Page { get; }

    public void KeepTrace(string traceParent) => TraceParent = traceParent;

    public bool IsDue(DateTimeOffset now) => Status is MessageStatus.Queued && !(NextAttemptAt > now);

    /// <summary>Takes the message for one attempt to send it.</summary>
    /// <returns>False when it is sent already, claimed by another worker, or not due yet.</returns>
    public bool TryClaim(DateTimeOffset now)
    {
        if (!IsDue(now)) return false;

        NextAttemptAt = null;
        HeldUntil = null;
        ClaimedUntil = now + ClaimLifetime + (NeedsUpload(now) ? UploadClaimExtension : TimeSpan.Zero);
        LastAttemptAt = now;
        Attempts++;
        Error = null;
        MoveTo(MessageStatus.Sending);
        return true;
    }

    /// <summary>The file is uploaded, and the call that sends the message begins only now.</summary>
    /// <returns>False when the claim has ended, so that another worker may have taken the message.</returns>
    public bool TryRenewClaim(DateTimeOffset? claimedUntil, DateTimeOffset now)
    {
        if (!IsClaimed(claimedUntil) || claimedUntil <= now) return false;

        ClaimedUntil = now + ClaimLifetime;
        LastAttemptAt = now;
        return true;
    }

    /// <summary>Whether the message is still claimed as it was then: nobody else has looked for it at Meta or sent it since.</summary>
    public bool IsClaimed(DateTimeOffset? claimedUntil) => Status is MessageStatus.Sending && ClaimedUntil == claimedUntil;

    /// <summary>The outcome could not be looked up yet; that is tried again later.</summary>
    public void ExtendClaim(DateTimeOffset until)
    {
        if (Status is MessageStatus.Sending) ClaimedUntil = until;
    }

    /// <summary>Meta limits the whole Page: the message waits like all others of the Page, and shows why.</summary>
    /// <param name="pausedUntil">The Page's pause as it is in the database now.</param>
    /// <returns>False when it need not wait, or waits for the Page already.</returns>
    public bool WaitForPage(DateTimeOffset? pausedUntil, DateTimeOffset now)
    {
        if (!IsDue(now) || pausedUntil is not { } until || until <= now) return false;

        Requeue(PageIsLimited, until);
        return true;
    }

    /// <summary>An earlier part of the send has failed: this one waits an hour for it to be sent again, and then fails as well.</summary>
    /// <returns>False when nothing changed, because the hour is not over yet.</returns>
    public bool HoldBack(DateTimeOffset now)
    {
        if (HeldUntil > now) return false;

        if (HeldUntil is not null)
        {
            HeldUntil = null;
            Fail(EarlierPartFailed);
            return true;
        }

        HeldUntil = now + HoldDuration;
        Error = new MessageError(WaitsForEarlierPart);
        RaiseUpdated();
        return true;
    }

    /// <summary>Meta accepted the message. The answer to the call, the echo and the conversation read back all say so.</summary>
    /// <param name="sentAt">Meta's time if known, otherwise ours.</param>
    public void MarkSent(string externalId, DateTimeOffset sentAt)
    {
        ExternalId = externalId;
        SentAt ??= sentAt;
        NextAttemptAt = null;
        ClaimedUntil = null;
        Error = null;
        MoveTo(MessageStatus.Sent);
    }

    /// <summary>Takes over Meta's time from the echo of a message whose mid is already known.</summary>
    public void CorrectSentAt(DateTimeOffset metaTime)
    {
        if (Status is not MessageStatus.Received) SentAt = metaTime;
    }

    /// <summary>Receipts may come in any order; the earliest one sets the time.</summary>
    public void MarkDelivered(DateTimeOffset at)
    {
        if (Status is not (MessageStatus.Sent or MessageStatus.Delivered or MessageStatus.Read)) return;
        DeliveredAt = Earlier(DeliveredAt, at);
        MoveTo(MessageStatus.Delivered);
    }

    public void MarkRead(DateTimeOffset at)
    {
        if (Status is not (MessageStatus.Sent or MessageStatus.Delivered or MessageStatus.Read)) return;
        DeliveredAt = Earlier(DeliveredAt, at);
        ReadAt = Earlier(ReadAt, at);
        MoveTo(MessageStatus.Read);
    }

    /// <summary>Depending on the refusal, the message is queued again, fails, or stays sending while its outcome is unknown.</summary>
    public void RecordRefusal(Refusal refusal, DateTimeOffset now, double jitter)
    {
        if (Status is not MessageStatus.Sending) return;   // its echo has arrived meanwhile

        switch (refusal.Class)
        {
            case RefusalClass.OutcomeUnknown:
                // Its echo may still arrive; otherwise ReconcileSend looks for it at Meta once the claim has expired.
                break;
            case RefusalClass.Rate when !refusal.ConcernsOneCall:
                Attempts--;   // Meta did not look at the message, so this was no attempt
                Requeue(refusal, Page.PauseSends(refusal.RetryAfter, LastAttemptAt!.Value, now, jitter));
                break;
            case RefusalClass.Transient or RefusalClass.Rate when Attempts < RetryPolicy.MaxAttempts:
                Requeue(refusal, now + (refusal.RetryAfter ?? RetryPolicy.Backoff.DelayAfter(Attempts, jitter)));
                break;
            default:
                Fail(refusal);
                break;
        }
    }

    /// <summary>The conversation as Meta shows it does not contain the message, so it can be sent again without sending it twice.</summary>
    public void RequeueUnsent(DateTimeOffset now)
    {
        if (Status is not MessageStatus.Sending || ClaimedUntil > now) return;

        if (Attempts >= RetryPolicy.MaxAttempts)
        {
            var detail = $"{Attempts} tries had no answer.";
            Fail(Refusal.OfGateway(RefusalClass.Transient, "Meta could not be reached.", RefusalActor.Wait, retryable: true, detail));
            return;
        }

        ClaimedUntil = null;
        Status = MessageStatus.Queued;
        RaiseUpdated();
    }

    /// <summary>For answers from before waits were kept.</summary>
    public void RecordWait(DateTimeOffset since) => WaitedSince = Status is MessageStatus.Failed ? null : since;

    public void Fail(Refusal refusal)
    {
        Error = new MessageError(refusal);
        ClaimedUntil = null;
        NextAttemptAt = null;
        WaitedSince = null;
        Status = MessageStatus.Failed;
        RaiseUpdated();
    }

    protected abstract bool NeedsUpload(DateTimeOffset now);

    /// <summary>As if it had never been tried.</summary>
    protected void RequeueFromStart()
    {
        Attempts = 0;
        NextAttemptAt = null;
        HeldUntil = null;
        Error = null;
        Status = MessageStatus.Queued;
        RaiseUpdated();
    }

    private void Requeue(Refusal refusal, DateTimeOffset dueAt)
    {
        Error = new MessageError(refusal);   // shown while it waits
        ClaimedUntil = null;
        NextAttemptAt = dueAt;
        Status = MessageStatus.Queued;
        RaiseUpdated();
    }

    private void MoveTo(MessageStatus next)
    {
        // Failed is the last value of the enum, but Meta's confirmation that the message was sent overrules it.
        if (Status is not MessageStatus.Failed && next <= Status) return;
        Status = next;
        RaiseUpdated();
    }

    private static DateTimeOffset Earlier(DateTimeOffset? known, DateTimeOffset at) => known < at ? known.Value : at;
}
