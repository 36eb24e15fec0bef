namespace MetaMessaging.MetaSimulator.State;

/// <summary>A person with a page-scoped or Instagram-scoped id, and their thread with that Page or account.</summary>
internal sealed class Customer
{
    private readonly List<Message> _messages = [];

    /// <summary>PSID or IGSID.</summary>
    public required string Id { get; init; }

    public required Channel Channel { get; init; }

    public required string PageId { get; init; }

    /// <summary>The other side of the thread: the Page id or the Instagram account id.</summary>
    public required string AccountId { get; init; }

    public required string ConversationId { get; init; }

    public required string Name { get; set; }

    public string Username { get; set; } = "";

    /// <summary>A phone that is online acknowledges what arrives, which makes Messenger send delivery events.</summary>
    public bool Online { get; set; } = true;

    public bool Blocked { get; set; }

    public ProfileBehaviour Profile { get; set; } = ProfileBehaviour.Full;

    /// <summary>The app that controls the thread, when it isn't ours (platform reference, Webhooks → Hand-over and standby).</summary>
    public string? ThreadOwnerAppId { get; set; }

    /// <summary>
    /// When the person last did something that opens the 24-hour window (platform reference, Send API → Windows and tags); 0 when never.
    /// </summary>
    public long LastActionAt { get; private set; }

    public long DeliveredUpTo { get; private set; }

    public long ReadUpTo { get; private set; }

    /// <summary>Up to when the business marked the person's messages as seen.</summary>
    public long SeenByBusinessUpTo { get; set; }

    public long TypingUntil { get; set; }

    /// <summary>Protects the messages and watermarks of the thread.</summary>
    public Lock ThreadLock { get; } = new();

    public string FirstName => Name.Split(' ')[0];

    public string LastName => Name.Contains(' ', StringComparison.Ordinal) ? Name[(Name.IndexOf(' ', StringComparison.Ordinal) + 1)..] : "";

    public IReadOnlyList<Message> Messages
    {
        get { lock (ThreadLock) return [.. _messages]; }
    }

    public Message? LastMessage
    {
        get { lock (ThreadLock) return _messages is [] ? null : _messages[^1]; }
    }

    /// <summary>The current time, or one millisecond after the last message if that is later, so that times keep the order.</summary>
    public long NextTime(long nowMs)
    {
        lock (ThreadLock) return _messages is [] ? nowMs : Math.Max(nowMs, _messages[^1].At + 1);
    }

    public void Add(Message message)
    {
        lock (ThreadLock)
        {
            // Messages with explicit times can arrive in any order; the thread is always sorted by time.
            var index = _messages.Count;
            while (index > 0 && _messages[index - 1].At > message.At) index--;
            _messages.Insert(index, message);
        }
    }

    public void Acted(long at)
    {
        lock (ThreadLock) LastActionAt = Math.Max(LastActionAt, at);
    }

    public void Delivered(long upTo)
    {
        lock (ThreadLock) DeliveredUpTo = Math.Max(DeliveredUpTo, upTo);
    }

    public void Read(long upTo)
    {
        lock (ThreadLock)
        {
            ReadUpTo = Math.Max(ReadUpTo, upTo);
            DeliveredUpTo = Math.Max(DeliveredUpTo, upTo);
        }
    }
}

/// <summary>How the Profile API answers for this person (platform reference, Profile API).</summary>
internal enum ProfileBehaviour
{
    Full,

    /// <summary>100/2018218: a phone-number account, or privacy limits.</summary>
    NoProfile,

    /// <summary>230: an Instagram user who never wrote to the account.</summary>
    ConsentRequired,

    /// <summary>9010: Meta's review bot.</summary>
    NoMatchingUser,

    /// <summary>100/33.</summary>
    Unsupported,

    /// <summary>An empty object.</summary>
    Empty,

    /// <summary>Nothing but the id.</summary>
    IdOnly,

    /// <summary>Name and picture are null (Instagram).</summary>
    NullName,
}
