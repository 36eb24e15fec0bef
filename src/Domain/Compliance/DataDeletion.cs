namespace MetaMessaging.Domain.Compliance;

/// <summary>
/// A request of Meta to delete what is held about one of its users. It says what was done, not about whom: the user's id is not kept.
/// </summary>
public sealed class DataDeletion(string confirmationCode, DateTimeOffset requestedAt) : Entity
{
    public string ConfirmationCode { get; private set; } = confirmationCode;

    public DateTimeOffset RequestedAt { get; private set; } = requestedAt;

    /// <summary>Null while it is under way.</summary>
    public DateTimeOffset? CompletedAt { get; private set; }

    /// <summary>How many connections lost the person's name, id and tokens.</summary>
    public int Connections { get; private set; }

    /// <summary>How many customers were erased.</summary>
    public int Contacts { get; private set; }

    public void Complete(int connections, int contacts, DateTimeOffset now) =>
        (Connections, Contacts, CompletedAt) = (connections, contacts, now);
}
