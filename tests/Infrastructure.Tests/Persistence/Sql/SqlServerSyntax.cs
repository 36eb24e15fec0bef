using Microsoft.SqlServer.Dac.Model;
using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace MetaMessaging.Infrastructure.Tests.Persistence;

/// <summary>What SQL Server says of statements, without a server: Microsoft's own parsers and database model.</summary>
internal static class SqlServerSyntax
{
    /// <summary>One for each database server that the app runs on.</summary>
    private static readonly IReadOnlyList<(string Server, TSqlParser Parser)> Parsers =
    [
        ("SQL Server 2019", new TSql150Parser(initialQuotedIdentifiers: true, SqlEngineType.Standalone)),
        ("SQL Server 2022", new TSql160Parser(initialQuotedIdentifiers: true, SqlEngineType.Standalone)),
        ("Azure SQL", new TSql170Parser(initialQuotedIdentifiers: true, SqlEngineType.SqlAzure)),
    ];

    public static IReadOnlyList<string> ErrorsOf(string sql) =>
        [.. from parser in Parsers
            from error in Parse(parser.Parser, sql).Errors
            select $"{parser.Server}, line {error.Line}: {error.Message}"];

    /// <returns>The statements, which all servers can parse.</returns>
    public static IReadOnlyList<TSqlStatement> Parse(string sql)
    {
        var errors = ErrorsOf(sql);
        Assert.True(errors.Count == 0, $"{sql}\n{string.Join('\n', errors)}");
        return [.. Parse(Parsers[^1].Parser, sql).Script.Batches.SelectMany(b => b.Statements)];
    }

    /// <summary>A model takes definitions, not changes: columns added later are written into their table.</summary>
    public static TSqlModel BuildModel(
        IReadOnlyList<TSqlStatement> migrations, SqlServerVersion server = SqlServerVersion.Sql160, string? collation = null)
    {
        var definitions = migrations.Where(s => s is CreateTableStatement or CreateIndexStatement).ToList();
        foreach (var added in migrations.OfType<AlterTableAddTableElementStatement>())
        {
            var table = definitions.OfType<CreateTableStatement>().Single(
                t => NameOf(t.SchemaObjectName) == NameOf(added.SchemaObjectName));
            foreach (var column in added.Definition.ColumnDefinitions) table.Definition.ColumnDefinitions.Add(column);
        }

        foreach (var dropped in migrations.OfType<DropIndexStatement>().SelectMany(s => s.DropIndexClauses).OfType<DropIndexClause>())
        {
            definitions.RemoveAll(s => s is CreateIndexStatement index
                && index.Name.Value == dropped.Index.Value && NameOf(index.OnName) == NameOf(dropped.Object));
        }

        var model = new TSqlModel(server, new TSqlModelOptions { Collation = collation });
        var writer = new Sql160ScriptGenerator();
        foreach (var definition in definitions)
        {
            writer.GenerateScript(definition, out var text);
            model.AddObjects(text);
        }

        return model;
    }

    /// <summary>The names of parameters and variables that a statement uses and does not declare.</summary>
    public static IReadOnlyList<string> ParametersOf(string sql)
    {
        var variables = new Variables();
        Parse(Parsers[^1].Parser, sql).Script.Accept(variables);
        return [.. variables.Used.Except(variables.Declared, StringComparer.OrdinalIgnoreCase)];
    }

    private static (TSqlScript Script, IList<ParseError> Errors) Parse(TSqlParser parser, string sql)
    {
        using var reader = new StringReader(sql);
        var script = (TSqlScript)parser.Parse(reader, out var errors);
        return (script, errors);
    }

    private static string NameOf(SchemaObjectName name) => name.BaseIdentifier.Value;

    private sealed class Variables : TSqlFragmentVisitor
    {
        public HashSet<string> Used { get; } = [];

        public HashSet<string> Declared { get; } = [];

        public override void Visit(VariableReference node) => Used.Add(node.Name);

        public override void Visit(DeclareVariableElement node) => Declared.Add(node.VariableName.Value);
    }
}
