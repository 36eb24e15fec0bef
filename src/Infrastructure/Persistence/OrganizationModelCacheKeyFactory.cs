using Microsoft.EntityFrameworkCore.Infrastructure;

namespace MetaMessaging.Infrastructure.Persistence;

/// <summary>One model with the query filter and one without, for each <see cref="SecretProtector"/>, which converters hold.</summary>
internal sealed class OrganizationModelCacheKeyFactory : IModelCacheKeyFactory
{
    public object Create(DbContext context, bool designTime) => context is AppDbContext app
        ? (context.GetType(), app.SeesAllOrganizations, app.Protector, designTime)
        : (context.GetType(), designTime);
}
