using MetaMessaging.Domain.Conversations;
using MetaMessaging.Infrastructure.Persistence;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Testing;

public static class Seeding
{
    /// <summary>Saves what is new of these entities and of all that hangs on them, as it is, without anybody hearing of it.</summary>
    public static async Task PlantAsync(this AppDbContext db, params IEnumerable<object> entities)
    {
        foreach (var entity in entities)
        {
            // A message takes its connection's id along, so what it belongs to comes first; in the app it is there already.
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
            foreach (var entry in db.ChangeTracker.Entries()) (entry.Entity as Domain.Common.Entity)?.ClearEvents();
            await db.SaveChangesAsync();
        }
    }
}
