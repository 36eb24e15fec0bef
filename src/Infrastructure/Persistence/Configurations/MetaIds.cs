using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MetaMessaging.Infrastructure.Persistence.Configurations;

internal static class MetaIds
{
    /// <summary>An id that Meta issued: opaque and case-sensitive on both providers.</summary>
    public static PropertyBuilder<T> IsMetaId<T>(this PropertyBuilder<T> property) => property.HasMaxLength(MetaId.MaxLength);
}
