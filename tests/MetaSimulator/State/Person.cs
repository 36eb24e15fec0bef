using System.Collections.Concurrent;

namespace MetaMessaging.MetaSimulator.State;

/// <summary>Someone with a Facebook account who can log in to the dialog and connect the Pages that they manage.</summary>
internal sealed class Person
{
    public static readonly IReadOnlyList<string> AllTasks = ["ADVERTISE", "ANALYZE", "CREATE_CONTENT", "MESSAGING", "MODERATE", "MANAGE"];

    /// <summary>The app-scoped id (ASID); it never works as a recipient.</summary>
    public required string Id { get; init; }

    public required string Name { get; set; }

    /// <summary>Page id → tasks, in the order in which the Pages were added.</summary>
    public ConcurrentDictionary<string, IReadOnlyList<string>> Pages { get; } = new(StringComparer.Ordinal);
}
