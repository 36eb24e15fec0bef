#pragma warning disable EF1001 // A provider offers no public way to change the SQL of its queries.
using System.Linq.Expressions;
using MetaMessaging.Infrastructure.Persistence.Configurations;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.EntityFrameworkCore.Query.SqlExpressions;
using Microsoft.EntityFrameworkCore.SqlServer.Infrastructure.Internal;
using Microsoft.EntityFrameworkCore.SqlServer.Query.Internal;
using Microsoft.EntityFrameworkCore.Storage;

namespace MetaMessaging.Infrastructure.Persistence;

/// <summary>A list in a query is one parameter, a JSON array, whose texts have the database's collation. SQL Server refuses to compare them
/// with a column of another one (error 468), so they are compared byte for byte.</summary>
internal sealed class SqlServerListCollation(
    QuerySqlGeneratorDependencies dependencies, IRelationalTypeMappingSource typeMappings, ISqlServerSingletonOptions options)
    : IQuerySqlGeneratorFactory
{
    public QuerySqlGenerator Create() => new Generator(dependencies, typeMappings, options);

    private sealed class Generator(
        QuerySqlGeneratorDependencies dependencies, IRelationalTypeMappingSource typeMappings, ISqlServerSingletonOptions options)
        : SqlServerQuerySqlGenerator(dependencies, typeMappings, options)
    {
        private readonly HashSet<string> lists = [];

        protected override Expression VisitSelect(SelectExpression select)
        {
            lists.UnionWith(select.Tables.OfType<SqlServerOpenJsonExpression>().Select(list => list.Alias));
            return base.VisitSelect(select);
        }

        protected override Expression VisitColumn(ColumnExpression column)
        {
            base.VisitColumn(column);
            var isText = (column.TypeMapping?.Converter?.ProviderClrType ?? column.Type) == typeof(string);
            if (isText && lists.Contains(column.TableAlias))
                Sql.Append($" COLLATE {TextColumns.BinaryCollation}");
            return column;
        }
    }
}
