using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;

namespace MetaMessaging.Infrastructure.Persistence;

/// <summary>
/// Saves what a context tracks with one prepared statement for each kind of change. EF prepares one a row, which on SQLite costs
/// several times the row itself. Tables, columns and conversions are those of EF's model; what is not a plain row with an id of its
/// own is left to EF, and all that comes with it.
/// </summary>
internal sealed class PreparedSave(DbContext db) : IDisposable
{
    private readonly DbConnection connection = db.Database.GetDbConnection();
    private readonly DbTransaction transaction = db.Database.CurrentTransaction!.GetDbTransaction();
    private readonly Dictionary<(IEntityType, EntityState, ulong Properties), Statement> prepared = [];

    /// <returns>False when there is something among the changes that only EF knows how to save; nothing is saved then.</returns>
    /// <remarks>Changes have been detected already.</remarks>
    public bool TrySave()
    {
        var changes = db.ChangeTracker.Entries().Where(e => e.State is not EntityState.Unchanged).ToList();
        if (!changes.TrueForAll(e => IsPlain(e.Metadata) && (e.State is not EntityState.Deleted || !e.Metadata.GetReferencingForeignKeys().Any()))) return false;

        try
        {
            foreach (var entry in changes.Where(e => e.State is EntityState.Deleted)) Execute(Prepare(entry, 0), entry);
            var byType = changes.ToLookup(e => e.Metadata);
            foreach (var type in PrincipalsFirst(byType.Select(t => t.Key)))
            {
                Insert(type, byType[type].Where(e => e.State is EntityState.Added));
                foreach (var entry in byType[type].Where(e => e.State is EntityState.Modified)) Update(entry);
            }
        }
        catch (SqliteException failure)
        {
            throw new DbUpdateException("The changes could not be saved.", failure);
        }

        db.ChangeTracker.AcceptAllChanges();
        return true;
    }

    public void Dispose()
    {
        foreach (var statement in prepared.Values) statement.Command.Dispose();
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
            var insert = Prepare(entry, Bits(properties.Where(p => ValueOf(entry, p) is not null)));
            insert.SetValues(entry);
            id.CurrentValue = (long)insert.Command.ExecuteScalar()!;   // and whoever names it learns of it
        }
    }

    private void Update(EntityEntry entry) => Execute(Prepare(entry, Bits(entry.Properties.Where(p => p.IsModified).Select(p => p.Metadata))), entry);

    private static void Execute(Statement statement, EntityEntry entry)
    {
        statement.SetValues(entry);
        if (statement.Command.ExecuteNonQuery() != 1) throw new DbUpdateConcurrencyException($"Somebody else has changed this {entry.Metadata.ShortName()} meanwhile.");
    }

    private Statement Prepare(EntityEntry entry, ulong properties)
    {
        var (type, state) = (entry.Metadata, entry.State);
        if (prepared.TryGetValue((type, state, properties), out var statement)) return statement;

        var command = connection.CreateCommand();
        command.Transaction = transaction;
        statement = new Statement(command);
#pragma warning disable CA2100 // Names of tables and columns are the model's; values are parameters.
        command.CommandText = state switch
        {
            EntityState.Added => InsertSql(type, properties, statement),
            EntityState.Modified => UpdateSql(type, properties, statement),
            _ => $"DELETE FROM {Quote(type.GetTableName()!)} WHERE {Unchanged(type, statement)}",
        };
#pragma warning restore CA2100
        prepared.Add((type, state, properties), statement);
        return statement;
    }

    private static string InsertSql(IEntityType type, ulong properties, Statement statement)
    {
        var columns = Among(type, properties).Select(p => (Column: ColumnOf(type, p), Parameter: statement.Add(p))).ToList();
        return $"INSERT INTO {Quote(type.GetTableName()!)} ({string.Join(", ", columns.Select(c => c.Column))}) "
            + $"VALUES ({string.Join(", ", columns.Select(c => c.Parameter))}) RETURNING {ColumnOf(type, type.FindPrimaryKey()!.Properties[0])}";
    }

    private static string UpdateSql(IEntityType type, ulong properties, Statement statement)
    {
        var set = Among(type, properties).Select(p => $"{ColumnOf(type, p)} = {statement.Add(p)}").ToList();
        return $"UPDATE {Quote(type.GetTableName()!)} SET {string.Join(", ", set)} WHERE {Unchanged(type, statement)}";
    }

    private static string Unchanged(IEntityType type, Statement statement) => string.Join(" AND ", type.GetProperties()
        .Where(p => p.IsPrimaryKey() || p.IsConcurrencyToken)
        .Select(p => $"{ColumnOf(type, p)} {(p.IsNullable ? "IS" : "=")} {statement.Add(p, original: true)}"));

    /// <summary>The entity itself does not know which id of a new row it names before the change tracker has told it.</summary>
    private static object? ValueOf(EntityEntry entry, IProperty property) =>
        property.IsForeignKey() ? entry.Property(property).CurrentValue : property.GetGetter().GetClrValue(entry.Entity);

    private static ulong Bits(IEnumerable<IProperty> properties) => properties.Aggregate(0UL, (bits, p) => bits | (1UL << p.GetIndex()));

    private static IEnumerable<IProperty> Among(IEntityType type, ulong properties) => type.GetProperties().Where(p => (properties & (1UL << p.GetIndex())) != 0);

    private static string ColumnOf(IEntityType type, IProperty property) =>
        Quote(property.GetColumnName(StoreObjectIdentifier.Create(type, StoreObjectType.Table)!.Value)!);

    private static string Quote(string name) => $"\"{name}\"";

    private sealed class Statement(DbCommand command)
    {
        private readonly List<(IProperty Property, bool Original, DbParameter Parameter)> values = [];

        public DbCommand Command { get; } = command;

        public string Add(IProperty property, bool original = false)
        {
            var parameter = Command.CreateParameter();
            parameter.ParameterName = $"@p{values.Count}";
            Command.Parameters.Add(parameter);
            values.Add((property, original, parameter));
            return parameter.ParameterName;
        }

        public void SetValues(EntityEntry entry)
        {
            foreach (var (property, original, parameter) in values)
            {
                var value = original ? entry.Property(property).OriginalValue : ValueOf(entry, property);
                parameter.Value = value is null ? DBNull.Value : property.GetTypeMapping().Converter is { } converter ? converter.ConvertToProvider(value) : value;
            }
        }
    }
}
