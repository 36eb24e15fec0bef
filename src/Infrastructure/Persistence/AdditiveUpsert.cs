using Microsoft.EntityFrameworkCore.Metadata;

namespace MetaMessaging.Infrastructure.Persistence;

/// <summary>
/// Statements for tables whose columns are sums under a key (FigureConfigurations): they add to the row with that key, or insert it, in one
/// go, so that transactions never lose each other's additions.
/// </summary>
internal sealed class AdditiveUpsert
{
    private readonly List<IProperty> keys;
    private readonly List<IProperty> sums;
    private readonly string table;

    public AdditiveUpsert(IEntityType type)
    {
        table = type.GetTableName()!;
        keys = [.. type.FindPrimaryKey()!.Properties];
        sums = [.. type.GetProperties().Where(p => !p.IsPrimaryKey())];
    }

    private IEnumerable<IProperty> All => keys.Concat(sums);

    private string Columns => string.Join(", ", All.Select(Name));

    public string ForSqlite() =>
        $"INSERT INTO {table} ({Columns}) VALUES ({string.Join(", ", All.Select(_ => "?"))}) "
        + $"ON CONFLICT ({string.Join(", ", keys.Select(Name))}) "
        + $"DO UPDATE SET {string.Join(", ", sums.Select(s => $"{Name(s)} = {Name(s)} + excluded.{Name(s)}"))}";

    /// <summary>The lock on the key's range is held until the commit, so that of two transactions only one inserts the row.</summary>
    /// <param name="first">The number of the first parameter.</param>
    public string ForSqlServer(int first)
    {
        var parameters = All.Select((property, index) => (Name: Name(property), Value: $"@p{first + index}")).ToList();
        var set = parameters.Skip(keys.Count).Select(p => $"[{p.Name}] = [{p.Name}] + {p.Value}");
        var match = parameters.Take(keys.Count).Select(p => $"[{p.Name}] = {p.Value}");
        return $"""
            UPDATE [{table}] WITH (UPDLOCK, HOLDLOCK) SET {string.Join(", ", set)} WHERE {string.Join(" AND ", match)};
            IF @@ROWCOUNT = 0
                INSERT INTO [{table}] ({string.Join(", ", parameters.Select(p => $"[{p.Name}]"))})
                VALUES ({string.Join(", ", parameters.Select(p => p.Value))});

            """;
    }

    /// <returns>In the order of the parameters, as the database stores them.</returns>
    public IEnumerable<object?> ValuesOf(object row) => All.Select(property =>
    {
        var value = property.GetGetter().GetClrValue(row);
        return property.GetTypeMapping().Converter is { } converter ? converter.ConvertToProvider(value) : value;
    });

    private static string Name(IProperty property) => property.GetColumnName();
}
