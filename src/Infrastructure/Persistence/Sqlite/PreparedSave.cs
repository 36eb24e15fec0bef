using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata;

namespace MetaMessaging.Infrastructure.Persistence;

/// <summary>
/// Saves what a context tracks with one prepared statement for each kind of change. EF prepares one a row, which on SQLite costs
/// several times the row itself. Tables, columns and conversions are those of EF's model; what is not a plain row with an id of its
/// own is left to EF, and all that comes with it.
/// </summary>
internal sealed class PreparedSave(DbContext db) : IDisposable
{
    private readonly SqliteConnection connection = (SqliteConnection)db.Database.GetDbConnection();
    private readonly Dictionary<(IEntityType, EntityState, ulong Properties), Change> prepared = [];

    /// <returns>False when there is something among the changes that only EF knows how to save; nothing is saved then.</returns>
    /// <remarks>Changes have been detected already, and a transaction is open.</remarks>
    public bool TrySave()
    {
        var changes = db.ChangeTracker.Entries().Where(e => e.State is not EntityState.Unchanged).ToList();
        var byType = changes.ToLookup(e => e.Metadata);
        if (!byType.All(type => IsPlain(type.Key))) return false;
        if (changes.Exists(e => e.State is EntityState.Deleted && e.Metadata.GetReferencingForeignKeys().Any())) return false;

        try
        {
            foreach (var entry in changes.Where(e => e.State is EntityState.Deleted)) Execute(entry, 0);
            foreach (var type in PrincipalsFirst(byType.Select(t => t.Key)))
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

    private static bool IsPlain(IEntityType type) =>
        !type.IsOwned() && type.BaseType is null && !type.GetDirectlyDerivedTypes().Any() && !type.GetComplexProperties().Any()
        && type.FindPrimaryKey()!.Properties is [var key] && key.ClrType == typeof(long) && key.ValueGenerated is ValueGenerated.OnAdd
        && type.GetProperties() is var properties && properties.Count() <= 64
        && properties.All(p => !p.IsShadowProperty() && (p == key || p.ValueGenerated is ValueGenerated.Never));

    /// <summary>A row comes after the rows that it names.</summary>
    private static List<IEntityType> PrincipalsFirst(IEnumerable<IEntityType> types)
    {
        var waiting = types.ToList();
        var ordered = new List<IEntityType>();
        while (waiting.Count > 0)
        {
            var next = waiting.Find(t => t.GetForeignKeys().All(fk => fk.PrincipalEntityType == t || !waiting.Contains(fk.PrincipalEntityType)))
                ?? throw new InvalidOperationException("Tables that need each other's rows first cannot be saved.");
            waiting.Remove(next);
            ordered.Add(next);
        }

        return ordered;
    }

    /// <summary>In the order they were added, which is the order of the ids that EF lends them.</summary>
    private void Insert(IEntityType type, IEnumerable<EntityEntry> entries)
    {
        var key = type.FindPrimaryKey()!.Properties[0];
        var properties = type.GetProperties().Where(p => p != key).ToList();
        foreach (var (entry, id) in entries.Select(e => (Entry: e, Id: e.Property(key))).OrderBy(e => (long)e.Id.CurrentValue!))
        {
            // Most columns of most rows are null, and every value costs.
            var filled = 0UL;
            foreach (var property in properties) filled |= ValueOf(entry, property) is null ? 0 : Bit(property);
            Execute(entry, filled);
            id.CurrentValue = SQLitePCL.raw.sqlite3_last_insert_rowid(connection.Handle);   // and whoever names it learns of it
        }
    }

    private void Update(IEntityType type, EntityEntry entry)
    {
        var changed = 0UL;
        foreach (var property in type.GetProperties()) changed |= entry.Property(property).IsModified ? Bit(property) : 0;
        Execute(entry, changed);
    }

    /// <param name="properties">Which values the statement sets, a bit each.</param>
    private void Execute(EntityEntry entry, ulong properties)
    {
        if (!prepared.TryGetValue((entry.Metadata, entry.State, properties), out var change))
            prepared.Add((entry.Metadata, entry.State, properties), change = Prepare(entry.Metadata, entry.State, properties));

        for (var i = 0; i < change.Values.Count; i++)
        {
            var (property, original) = change.Values[i];
            var value = original ? entry.Property(property).OriginalValue : ValueOf(entry, property);
            change.Statement.Bind(i + 1, value is not null && property.GetTypeMapping().Converter is { } converter ? converter.ConvertToProvider(value) : value);
        }

        if (change.Statement.Run() != 1) throw new DbUpdateConcurrencyException($"Somebody else has changed this {entry.Metadata.ShortName()} meanwhile.");
    }

    private Change Prepare(IEntityType type, EntityState state, ulong properties)
    {
        var table = Quote(type.GetTableName()!);
        var set = type.GetProperties().Where(p => (properties & Bit(p)) != 0).ToList();
        var same = state is EntityState.Added ? [] : type.GetProperties().Where(p => p.IsPrimaryKey() || p.IsConcurrencyToken).ToList();
        var unchanged = string.Join(" AND ", same.Select(p => $"{ColumnOf(type, p)} {(p.IsNullable ? "IS" : "=")} ?"));
        var sql = state switch
        {
            EntityState.Added => $"INSERT INTO {table} ({string.Join(", ", set.Select(p => ColumnOf(type, p)))}) VALUES ({string.Join(", ", set.Select(_ => "?"))})",
            EntityState.Modified => $"UPDATE {table} SET {string.Join(", ", set.Select(p => $"{ColumnOf(type, p)} = ?"))} WHERE {unchanged}",
            _ => $"DELETE FROM {table} WHERE {unchanged}",
        };
        return new Change(new SqliteStatement(connection, sql), [.. set.Select(p => (p, false)), .. same.Select(p => (p, true))]);
    }

    /// <summary>The entity itself does not know which id of a new row it names before the change tracker has told it.</summary>
    private static object? ValueOf(EntityEntry entry, IProperty property) =>
        property.IsForeignKey() ? entry.Property(property).CurrentValue : property.GetGetter().GetClrValue(entry.Entity);

    private static ulong Bit(IProperty property) => 1UL << property.GetIndex();

    private static string ColumnOf(IEntityType type, IProperty property) =>
        Quote(property.GetColumnName(StoreObjectIdentifier.Create(type, StoreObjectType.Table)!.Value)!);

    private static string Quote(string name) => $"\"{name}\"";

    /// <param name="Values">In the order of the statement's parameters; those that find the row are the original ones.</param>
    private sealed record Change(SqliteStatement Statement, IReadOnlyList<(IProperty Property, bool Original)> Values);
}
