using MetaMessaging.Domain.Conversations;
using MetaMessaging.Domain.Inbound;
using MetaMessaging.Infrastructure.Persistence;

namespace MetaMessaging.ArchitectureTests;

/// <summary>One table that is not plain makes the inbound worker save whole batches row by row, and nothing else shows it.</summary>
public sealed class PlainTableTests
{
    private static readonly string[] AreasOfTheWorker = ["Connections", "Contacts", "Conversations", "Inbound"];

    /// <summary>The error of a failed send, which the worker only reads, and a counter with a writer of its own.</summary>
    private static readonly Type[] SavedByOthers = [typeof(MessageError), typeof(RefusedSignatures)];

    [Fact]
    public void Tables_that_the_inbound_worker_saves_can_be_saved_by_prepared_statements()
    {
        using var db = DesignTimeContexts.Sqlite();
        var tables = db.Model.GetEntityTypes().Where(t => AreasOfTheWorker.Contains(t.ClrType.Area()))
            .Where(t => !SavedByOthers.Contains(t.ClrType)).ToList();

        Assert.True(tables.Count > 10, "The tables are found by the area of their class.");
        Rule.Holds(
            "No column has a default or is generated, and all belong to one class with a long key (PreparedSave.IsPlain):",
            tables.Where(t => !PreparedSave.IsPlain(t)).Select(t => t.Name));
    }
}
