using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;

namespace MetaMessaging.Infrastructure.Persistence;

/// <summary>
/// Saves what a context tracks with one prepared statement for each kind of change. EF prepares one a row, which on SQLite costs
/// several times the row itself. Tables, columns and conversions are those of EF's model; what is not a plain insert or update of
/// a row with an id of its own is left to EF, and all that comes with it.
/// </summary>
internal sealed class PreparedSave(DbContext db) : IDisposable
{
    private readonly DbConnection connection = db.Database.GetDbConnection();
    private readonly DbTransaction transaction = db.Database.CurrentTransaction!.GetDbTransaction();
    private readonly Dictionary<(IEntityType, ulong Properties), Statement> updates = [];
    private readonly List<Statement> statements = [];

    /// <returns>False when there is something among the changes that only EF knows how to save; nothing is saved then.</returns>
    /// <remarks>Changes have been detected already.</remarks>
    public bool TrySave()
    {
        var changes = db.ChangeTracker.Entries().Where(e => e.State is not EntityState.Unchanged).ToList();
        if (!changes.TrueForAll(e => e.State is EntityState.Added or EntityState.Modified && IsPlain(e.Metadata))) return false;

        try
        {
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

    public void Dispose() => statements.ForEach(s => s.Command.Dispose());

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
        Statement? insert = null;
        foreach (var (entry, id) in entries.Select(e => (Entry: e, Id: e.Property(key))).OrderBy(e => (long)e.Id.CurrentValue!))
        {
            insert ??= PrepareInsert(type, key);
            insert.SetValues(entry);
            id.CurrentValue = (long)insert.Command.ExecuteScalar()!;   // and whoever names it learns of it
        }
    }

    private void Update(EntityEntry entry)
    {
        var properties = 0UL;
        foreach (var property in entry.Properties)
        {
            if (property.IsModified) properties |= 1UL << property.Metadata.GetIndex();
        }

        if (!updates.TryGetValue((entry.Metadata, properties), out var update)) updates.Add((entry.Metadata, properties), update = PrepareUpdate(entry.Metadata, properties));
        update.SetValues(entry);
        if (update.Command.ExecuteNonQuery() != 1) throw new DbUpdateConcurrencyException($"Somebody else has changed this {entry.Metadata.ShortName()} meanwhile.");
    }

    private Statement PrepareInsert(IEntityType type, IProperty key)
    {
        var statement = NewStatement();
        var columns = type.GetProperties().Where(p => p != key).Select(p => (Column: ColumnOf(type, p), Parameter: statement.Add(p))).ToList();
        return Prepare(statement,
            $"INSERT INTO {Quote(type.GetTableName()!)} ({string.Join(", ", columns.Select(c => c.Column))}) "
            + $"VALUES ({string.Join(", ", columns.Select(c => c.Parameter))}) RETURNING {ColumnOf(type, key)}");
    }

    private Statement PrepareUpdate(IEntityType type, ulong properties)
    {
        var statement = NewStatement();
        var key = type.FindPrimaryKey()!.Properties[0];
        var set = type.GetProperties().Where(p => (properties & 1UL << p.GetIndex()) != 0).Select(p => $"{ColumnOf(type, p)} = {statement.Add(p)}").ToList();
        var unchanged = type.GetProperties().Where(p => p == key || p.IsConcurrencyToken)
            .Select(p => $"{ColumnOf(type, p)} {(p.IsNullable ? "IS" : "=")} {statement.Add(p, original: true)}").ToList();
        return Prepare(statement, $"UPDATE {Quote(type.GetTableName()!)} SET {string.Join(", ", set)} WHERE {string.Join(" AND ", unchanged)}");
    }

    private Statement NewStatement()
    {
        var command = connection.CreateCommand();
        command.Transaction = transaction;
        var statement = new Statement(command);
        statements.Add(statement);
        return statement;
    }

    private static Statement Prepare(Statement statement, string sql)
    {
#pragma warning disable CA2100 // Names of tables and columns are the model's; values are parameters.
        statement.Command.CommandText = sql;
#pragma warning restore CA2100
        return statement;
    }

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
                var value = original ? entry.Property(property).OriginalValue
                    : property.IsForeignKey() ? entry.Property(property).CurrentValue
                    : property.GetGetter().GetClrValue(entry.Entity);
                parameter.Value = value is null ? DBNull.Value : property.GetTypeMapping().Converter is { } converter ? converter.ConvertToProvider(value) : value;
            }
        }
    }
}
