using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Conversations;
using MetaMessaging.Infrastructure.Persistence;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Testing;

public static class Seeding
{
    /// <summary>Saves entities and everything they refer to, without raising domain events.</summary>
    public static async Task SeedAsync(this AppDbContext db, params IEnumerable<object> entities)
    {
        foreach (var entity in entities)
        {
            // A message copies its connection's id, so its conversation is saved first, as it always is in the app.
            if (entity is Message message)
            {
                await SaveAsync(message.Conversation);
                db.Entry(message).Property(m => m.ConnectionId).CurrentValue = message.Conversation.ConnectionId;
            }

            await SaveAsync(entity);
        }

        async Task SaveAsync(object entity)
        {
            db.ChangeTracker.Clear();
            db.ChangeTracker.TrackGraph(entity, node => node.Entry.State = node.Entry.IsKeySet ? EntityState.Modified : EntityState.Added);
            foreach (var entry in db.ChangeTracker.Entries()) (entry.Entity as Entity)?.ClearEvents();
            await db.SaveChangesAsync();
        }
    }
}
