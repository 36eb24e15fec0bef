using System.Reflection;
using MetaMessaging.Infrastructure.Persistence.Configurations;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Query.SqlExpressions;

namespace MetaMessaging.Infrastructure.Persistence;

/// <summary>The model: conventions for all tables. What is particular to a table is in its configuration.</summary>
public abstract partial class AppDbContext
{
    /// <summary>Whether the filter alone must not lead to an index of the organization, see <see cref="OwnRows.OfOrganization"/>.</summary>
    private protected virtual bool HidesFilterFromPlanner(Type entity) => false;

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.Ignore<DomainEvent>();
        builder.ApplyConfigurationsFromAssembly(typeof(AppDbContext).Assembly);

        ProtectSecrets(builder);
        foreach (var entity in builder.Model.GetEntityTypes().ToList())
        {
            if (typeof(IVersioned).IsAssignableFrom(entity.ClrType))
                builder.Entity(entity.ClrType).Property(nameof(IVersioned.Version)).IsConcurrencyToken();
            if (!SeesAllOrganizations && typeof(IOwnedByOrganization).IsAssignableFrom(entity.ClrType))
                FilterByOrganization(builder, entity);
            foreach (var column in TextColumnsOf(entity))
            {
                SetCollation(column, (string?)column.RemoveAnnotation(TextColumns.Annotation)?.Value
                    ?? throw new InvalidOperationException($"{entity.ShortName()}.{column.Name} is neither IsCode nor IsText."));
            }
        }
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcConverter>();   // SQLite cannot compare offsets
        configurationBuilder.Properties<Enum>().HaveConversion<string>().HaveMaxLength(32)
            .HaveAnnotation(TextColumns.Annotation, TextColumns.BinaryCollation);
    }

    private protected static MethodInfo PositionOfText => typeof(PayloadSearch).GetMethod(nameof(PayloadSearch.Position))!;

    private protected static SqlFunctionExpression Call(string function, params SqlExpression[] arguments) =>
        new(function, arguments, nullable: true, [true, true], typeof(int), typeMapping: null);

    private protected virtual void SetCollation(IMutableProperty column, string collation) { }

    /// <summary>Types without a key are stored as JSON, within a column of another.</summary>
    private static List<IMutableProperty> TextColumnsOf(IMutableEntityType entity) =>
        entity.FindPrimaryKey() is null || entity.IsMappedToJson()
            ? []
            : [.. entity.GetProperties().Where(p => StoredType(p) == typeof(string))];

    private static Type StoredType(IMutableProperty property) =>
        property.GetValueConverter()?.ProviderClrType ?? property.GetProviderClrType() ?? property.ClrType;

    private void ProtectSecrets(ModelBuilder builder)
    {
        builder.Entity<SystemConfig>().Property(c => c.MetaMessagingAppSecret).HasConversion(new SecretConverter(protector));
        builder.Entity<SystemConfig>().Property(c => c.OpenIdClientSecret).HasConversion(new SecretConverter(protector));
        builder.Entity<IdentityUserToken<long>>().Property(t => t.Value).HasConversion(new SecretConverter(protector));
        builder.Entity<PageConnection>().Property(c => c.PageAccessToken).HasConversion(new SecretConverter(protector));
        builder.Entity<PendingConnection>().Property(c => c.UserAccessToken).HasConversion(new SecretConverter(protector));
        builder.Entity<PendingConnection>().Property(c => c.Pages).HasConversion(
            new SecretJsonConverter<IReadOnlyList<ConnectablePage>>(protector, []),
            new ValueComparer<IReadOnlyList<ConnectablePage>>(
                (a, b) => ReferenceEquals(a, b), pages => pages.GetHashCode(), pages => pages));
    }

    private void FilterByOrganization(ModelBuilder builder, IMutableEntityType entity) =>
        typeof(AppDbContext).GetMethod(nameof(FilterEntity), BindingFlags.NonPublic | BindingFlags.Instance)!
            .MakeGenericMethod(entity.ClrType)
            .Invoke(this, [builder]);

    private void FilterEntity<TEntity>(ModelBuilder builder) where TEntity : class, IOwnedByOrganization =>
        builder.Entity<TEntity>().HasQueryFilter(HidesFilterFromPlanner(typeof(TEntity))
            ? e => e.OrganizationId + 0 == CurrentOrganizationId : e => e.OrganizationId == CurrentOrganizationId);
}
