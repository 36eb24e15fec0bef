using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace MetaMessaging.Infrastructure.Persistence;

/// <summary>One model with the organization's filter and one without; and one per key ring, because converters live in the model.</summary>
internal sealed class FilteredModelCacheKeyFactory : IModelCacheKeyFactory
{
    public object Create(DbContext context, bool designTime) => context is AppDbContext app
        ? (context.GetType(), app.SeesEverything, app.Protector, designTime)
        : (context.GetType(), designTime);
}
