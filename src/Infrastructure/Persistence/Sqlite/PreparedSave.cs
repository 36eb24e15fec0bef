using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata;

namespace MetaMessaging.Infrastructure.Persistence;

/// <summary>Saves with one prepared statement for each combination of table, kind of change and columns. EF Core prepares one for each row,
/// which on SQLite takes several times as long as the row itself. Any change but that of a plain row with a generated long key is left to
/// EF Core.</summary>
internal sealed class PreparedSave(DbContext db) : IDisposable
{
    private readonly SqliteConnection connection = (SqliteConnection)db.Database.GetDbConnection();
    private readonly Dictionary<(IEntityType, EntityState, ulong Columns), Change> prepared = [];

    /// <summary>Expects that changes have been detected and that a transaction is open.</summary>
    /// <returns>False when only EF Core can save the changes; nothing is saved then.</returns>
    public bool TrySave()
    {
        var changes = db.ChangeTracker.Entries().Where(e => e.State is not EntityState.Unchanged).ToList();
        var byType = changes.ToLookup(e => e.Metadata);
        if (!byType.All(type => IsPlain(type.Key))) return false;
        if (changes.Exists(e => e.State is EntityState.Deleted && e.Metadata.GetReferencingForeignKeys().Any())) return false;

        try
        {
            foreach (var entry in changes.Where(e => e.State is EntityState.Deleted)) Execute(entry, columns: 0);
            foreach (var type in OrderPrincipalsFirst(byType.Select(t => t.Key)))
            {
                Insert(type, byType[type].Where(e => e.State is EntityState.Added));
                foreach (var entry in byType[type].Where(e => e.State is EntityState.Modified)) Update(type, entry);
            }
        }
        catch (SqliteException exception)
        {
            throw new DbUpdateException("The changes could not be saved.", exception);
        }

        db.ChangeTracker.AcceptAllChanges();
        return true;
    }

    public void Dispose()
    {
        foreach (var change in prepared.Values) change.Statement.Dispose();
    }

    internal static bool IsPlain(IEntityType type) =>
        !type.IsOwned() && type.BaseType is null && !type.GetDirectlyDerivedTypes().Any() && !type.GetComplexProperties().Any()
        && type.FindPrimaryKey()!.Properties is [var key] && key.ClrType == typeof(long) && key.ValueGenerated is ValueGenerated.OnAdd
        && type.GetProperties() is var properties && properties.Count() <= 64
        && properties.All(p => !p.IsShadowProperty() && (p == key || p.ValueGenerated is ValueGenerated.Never));

    /// <summary>A row is inserted after the rows that its foreign keys refer to.</summary>
    private static List<IEntityType> OrderPrincipalsFirst(IEnumerable<IEntityType> types)
    {
        var waiting = types.ToList();
        var ordered = new List<IEntityType>();
        while (waiting.Count > 0)
        {
            var next = waiting.Find(
                t => t.GetForeignKeys().All(fk => fk.PrincipalEntityType == t || !waiting.Contains(fk.PrincipalEntityType)))
                ?? throw new InvalidOperationException("Tables with foreign keys to each other cannot be inserted in any order.");
            waiting.Remove(next);
            ordered.Add(next);
        }

        return ordered;
    }

    /// <summary>In the order in which the entities were added, which is that of their temporary ids.</summary>
    private void Insert(IEntityType type, IEnumerable<EntityEntry> entries)
    {
        var key = type.FindPrimaryKey()!.Properties[0];
        var properties = type.GetProperties().Where(p => p != key).ToList();
        foreach (var (entry, id) in entries.Select(e => (Entry: e, Id: e.Property(key))).OrderBy(e => (long)e.Id.CurrentValue!))
        {
            // Most columns of most rows are null, and binding a null takes as long as binding a value.
            var notNull = 0UL;
            foreach (var property in properties) notNull |= ValueOf(entry, property) is null ? 0 : Bit(property);
            Execute(entry, notNull);
            id.CurrentValue = SQLitePCL.raw.sqlite3_last_insert_rowid(connection.Handle);   // EF Core copies it to foreign keys
        }
    }

    private void Update(IEntityType type, EntityEntry entry)
    {
        var changed = 0UL;
        foreach (var property in type.GetProperties()) changed |= entry.Property(property).IsModified ? Bit(property) : 0;
        Execute(entry, changed);
    }

    /// <param name="columns">Which columns the statement sets, a bit each.</param>
    private void Execute(EntityEntry entry, ulong columns)
    {
        if (!prepared.TryGetValue((entry.Metadata, entry.State, columns), out var change))
            prepared.Add((entry.Metadata, entry.State, columns), change = Prepare(entry.Metadata, entry.State, columns));

        for (var i = 0; i < change.Parameters.Count; i++)
        {
            var (property, isOriginal) = change.Parameters[i];
            var value = isOriginal ? entry.Property(property).OriginalValue : ValueOf(entry, property);
            var converter = property.GetTypeMapping().Converter;
            change.Statement.Bind(i + 1, value is null || converter is null ? value : converter.ConvertToProvider(value));
        }

        if (change.Statement.Execute() != 1)
            throw new DbUpdateConcurrencyException($"The {entry.Metadata.ShortName()} was changed by somebody else since it was read.");
    }

    private Change Prepare(IEntityType type, EntityState state, ulong columns)
    {
        var set = type.GetProperties().Where(p => (columns & Bit(p)) != 0).ToList();
        var matched = state is EntityState.Added ? [] : type.GetProperties().Where(p => p.IsPrimaryKey() || p.IsConcurrencyToken).ToList();

        var table = Quote(type.GetTableName()!);
        var names = set.ConvertAll(p => ColumnOf(type, p));
        var condition = string.Join(" AND ", matched.Select(p => $"{ColumnOf(type, p)} {(p.IsNullable ? "IS" : "=")} ?"));
        var sql = state switch
        {
            EntityState.Added => $"INSERT INTO {table} ({string.Join(", ", names)}) VALUES ({string.Join(", ", names.Select(_ => "?"))})",
            EntityState.Modified => $"UPDATE {table} SET {string.Join(", ", names.Select(n => $"{n} = ?"))} WHERE {condition}",
            _ => $"DELETE FROM {table} WHERE {condition}",
        };
        return new Change(new SqliteStatement(connection, sql), [.. set.Select(p => (p, false)), .. matched.Select(p => (p, true))]);
    }

    /// <summary>Foreign keys come from the change tracker, because an entity does not hold the temporary id of a new row.</summary>
    private static object? ValueOf(EntityEntry entry, IProperty property) =>
        property.IsForeignKey() ? entry.Property(property).CurrentValue : property.GetGetter().GetClrValue(entry.Entity);

    private static ulong Bit(IProperty property) => 1UL << property.GetIndex();

    private static string ColumnOf(IEntityType type, IProperty property) =>
        Quote(property.GetColumnName(StoreObjectIdentifier.Create(type, StoreObjectType.Table)!.Value)!);

    private static string Quote(string name) => $"\"{name}\"";

    /// <param name="Parameters">In the statement's order: the new values first, then the original ones that the row is found by.</param>
    private sealed record Change(SqliteStatement Statement, IReadOnlyList<(IProperty Property, bool IsOriginal)> Parameters);
}
