namespace MetaMessaging.Domain.Compliance;

/// <summary>
/// A request of Meta to delete what is held about one of its users. It says what was done, not about whom: the user's id is not kept.
/// </summary>
/// <param name="connections">How many connections lost the person's id and tokens.</param>
public sealed class DataDeletion(string confirmationCode, int connections, DateTimeOffset completedAt) : Entity
{
    public string ConfirmationCode { get; private set; } = confirmationCode;

    public int Connections { get; private set; } = connections;

    public DateTimeOffset CompletedAt { get; private set; } = completedAt;
}
