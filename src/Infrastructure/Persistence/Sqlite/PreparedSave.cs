using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata;

namespace MetaMessaging.Infrastructure.Persistence;

/// <summary>Saves with one prepared statement for each combination of table, kind of change and columns. EF Core prepares one for each row,
/// which on SQLite takes several times as long as the row itself. Any change but that of a plain row with a generated long key is left to
/// EF Core.</summary>
internal sealed class PreparedSave(AppDbContext db) : IDisposable
{
    private const int MaxColumns = 64;

    private readonly SqliteConnection connection = (SqliteConnection)db.Database.GetDbConnection();
    private readonly Dictionary<(IEntityType, EntityState, ulong Columns), Change> prepared = [];

    /// <summary>The row that is written, by the columns' indexes.</summary>
    private readonly object?[] values = new object?[MaxColumns];

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
            foreach (var entry in changes.Where(e => e.State is EntityState.Deleted))
                Execute(Table.Of(entry.Metadata), entry, columns: 0);
            foreach (var type in OrderPrincipalsFirst(byType.Select(t => t.Key)))
            {
                var table = Table.Of(type);
                Insert(table, byType[type].Where(e => e.State is EntityState.Added));
                foreach (var entry in byType[type].Where(e => e.State is EntityState.Modified)) Update(table, entry);
            }
        }
        catch (SqliteException exception)
        {
            throw new DbUpdateException("The changes could not be saved.", exception);
        }

        if (db.EndsWithSave) db.ChangeTracker.Clear();
        else db.ChangeTracker.AcceptAllChanges();   // takes half as long as to save the rows
        return true;
    }

    public void Dispose()
    {
        foreach (var change in prepared.Values) change.Statement.Dispose();
    }

    internal static bool IsPlain(IEntityType type) =>
        !type.IsOwned() && type.BaseType is null && !type.GetDirectlyDerivedTypes().Any() && !type.GetComplexProperties().Any()
        && type.FindPrimaryKey()!.Properties is [var key] && key.ClrType == typeof(long) && key.ValueGenerated is ValueGenerated.OnAdd
        && type.GetProperties() is var properties && properties.Count() <= MaxColumns
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
    private void Insert(Table table, IEnumerable<EntityEntry> entries)
    {
        foreach (var (entry, id) in entries.Select(e => (Entry: e, Id: e.Property(table.Key))).OrderBy(e => (long)e.Id.CurrentValue!))
        {
            // Most columns of most rows are null, and binding a null takes as long as binding a value.
            var notNull = 0UL;
            foreach (var column in table.Columns)
            {
                if (column.Property == table.Key) continue;
                values[column.Index] = column.ValueOf(entry);
                if (values[column.Index] is not null) notNull |= column.Bit;
            }

            Execute(table, entry, notNull);
            id.CurrentValue = SQLitePCL.raw.sqlite3_last_insert_rowid(connection.Handle);   // EF Core copies it to foreign keys
        }
    }

    private void Update(Table table, EntityEntry entry)
    {
        var changed = 0UL;
        foreach (var column in table.Columns)
        {
            if (!entry.Property(column.Property).IsModified) continue;
            values[column.Index] = column.ValueOf(entry);
            changed |= column.Bit;
        }

        Execute(table, entry, changed);
    }

    /// <param name="columns">Which columns the statement sets, a bit each; <see cref="values"/> holds what to.</param>
    private void Execute(Table table, EntityEntry entry, ulong columns)
    {
        if (!prepared.TryGetValue((table.Type, entry.State, columns), out var change))
            prepared.Add((table.Type, entry.State, columns), change = Prepare(table, entry.State, columns));

        var parameter = 0;
        foreach (var column in change.Set) change.Statement.Bind(++parameter, values[column.Index]);
        foreach (var column in change.Matched)
            change.Statement.Bind(++parameter, column.Stored(entry.Property(column.Property).OriginalValue));

        if (change.Statement.Execute() != 1)
            throw new DbUpdateConcurrencyException($"The {entry.Metadata.ShortName()} was changed by somebody else since it was read.");
    }

    private Change Prepare(Table table, EntityState state, ulong columns)
    {
        var set = table.Columns.Where(c => (columns & c.Bit) != 0).ToList();
        var matched = state is EntityState.Added
            ? [] : table.Columns.Where(c => c.Property.IsPrimaryKey() || c.Property.IsConcurrencyToken).ToList();
        var names = set.ConvertAll(c => c.Name);
        var condition = string.Join(" AND ", matched.Select(c => $"{c.Name} {(c.Property.IsNullable ? "IS" : "=")} ?"));
        var sql = state switch
        {
            EntityState.Added =>
                $"INSERT INTO {table.Name} ({string.Join(", ", names)}) VALUES ({string.Join(", ", names.Select(_ => "?"))})",
            EntityState.Modified => $"UPDATE {table.Name} SET {string.Join(", ", names.Select(n => $"{n} = ?"))} WHERE {condition}",
            _ => $"DELETE FROM {table.Name} WHERE {condition}",
        };
        return new Change(new SqliteStatement(connection, sql), set, matched);
    }

    private static string Quote(string name) => $"\"{name}\"";

    /// <summary>In the statement's order: the new values first, then the original ones that the row is found by.</summary>
    private sealed record Change(SqliteStatement Statement, List<Column> Set, List<Column> Matched);

    /// <summary>What the model says of a table. To ask it again for each value takes longer than to store the row.</summary>
    private sealed class Table
    {
        private Table(IEntityType type)
        {
            Type = type;
            Key = type.FindPrimaryKey()!.Properties[0];
            Name = Quote(type.GetTableName()!);
            Columns = [.. type.GetProperties().Select(p => new Column(p))];
        }

        public IEntityType Type { get; }

        public IProperty Key { get; }

        public string Name { get; }

        public Column[] Columns { get; }

        public static Table Of(IEntityType type) =>
            type.GetOrAddRuntimeAnnotationValue("PreparedSave", static type => new Table(type!), type);
    }

    private sealed class Column(IProperty property)
    {
        private readonly IClrPropertyGetter getter = property.GetGetter();
        private readonly Func<object?, object?>? toStored = property.GetTypeMapping().Converter?.ConvertToProvider;
        private readonly bool isForeignKey = property.IsForeignKey();

        public IProperty Property => property;

        public int Index { get; } = property.GetIndex();

        public ulong Bit { get; } = 1UL << property.GetIndex();

        public string Name { get; } = Quote(
            property.GetColumnName(StoreObjectIdentifier.Create((IEntityType)property.DeclaringType, StoreObjectType.Table)!.Value)!);

        /// <summary>Foreign keys come from the change tracker, because an entity does not hold the temporary id of a new row.</summary>
        public object? ValueOf(EntityEntry entry) =>
            Stored(isForeignKey ? entry.Property(property).CurrentValue : getter.GetClrValue(entry.Entity));

        public object? Stored(object? value) => value is null || toStored is null ? value : toStored(value);
    }
}
