namespace MetaMessaging.Infrastructure.Persistence.Configurations;

/// <summary>Says of each column with text how it is compared. SQLite compares all of them byte for byte. SQL Server does what the column's
/// collation says; the default of most servers takes A for a, and ß for ss.</summary>
internal static class TextColumns
{
    public const string Annotation = "MetaMessaging:Collation";

    /// <summary>Byte for byte, but for blanks at the end, which SQL Server ignores under every collation.</summary>
    public const string BinaryCollation = "Latin1_General_100_BIN2";

    private const string TextCollation = "Latin1_General_100_CI_AS_SC";

    /// <summary>What programs compare: ids, keys, hashes, names of enums, JSON.</summary>
    public static PropertyBuilder<T> IsCode<T>(this PropertyBuilder<T> property, int? maxLength = null) =>
        property.Is(BinaryCollation, maxLength);

    /// <summary>What people read, search and sort.</summary>
    public static PropertyBuilder<T> IsText<T>(this PropertyBuilder<T> property, int? maxLength = null) =>
        property.Is(TextCollation, maxLength);

    public static PropertyBuilder<T> IsMetaId<T>(this PropertyBuilder<T> property) => property.IsCode(MetaId.MaxLength);

    private static PropertyBuilder<T> Is<T>(this PropertyBuilder<T> property, string collation, int? maxLength)
    {
        property.HasAnnotation(Annotation, collation);
        return maxLength is { } length ? property.HasMaxLength(length) : property;
    }
}
