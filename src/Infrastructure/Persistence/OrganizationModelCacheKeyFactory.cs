using Microsoft.EntityFrameworkCore.Infrastructure;

namespace MetaMessaging.Infrastructure.Persistence;

/// <summary>
/// EF Core caches one model a key. There is one with the organization's query filter and one without, and one for each
/// <see cref="SecretProtector"/>, because the value converters hold it.
/// </summary>
internal sealed class OrganizationModelCacheKeyFactory : IModelCacheKeyFactory
{
    public object Create(DbContext context, bool designTime) => context is AppDbContext app
        ? (context.GetType(), app.SeesAllOrganizations, app.Protector, designTime)
        : (context.GetType(), designTime);
}
