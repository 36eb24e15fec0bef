namespace MetaMessaging.Infrastructure.Persistence.Configurations;

internal static class MetaIds
{
    public static PropertyBuilder<T> IsMetaId<T>(this PropertyBuilder<T> property) => property.HasMaxLength(MetaId.MaxLength);
}
