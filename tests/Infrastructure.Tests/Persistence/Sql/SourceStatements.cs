using System.Text;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace MetaMessaging.Infrastructure.Tests.Persistence;

/// <param name="Member">Class and member, to find it by.</param>
/// <param name="Path">Of its file.</param>
/// <param name="Sql">With a parameter or an example in place of each value that the code puts in.</param>
/// <param name="Unknown">Values for which there is no example.</param>
internal sealed record SourceStatement(string Member, string Path, string Sql, IReadOnlyList<string> Unknown);

/// <summary>Finds the SQL in the source code: every text that begins like a statement, and every call that is given one.</summary>
internal sealed partial class SourceStatements
{
    /// <summary>Their holes are parameters.</summary>
    private static readonly HashSet<string> Parametrized =
    [
        "ExecuteSql", "ExecuteSqlAsync", "ExecuteSqlInterpolated", "ExecuteSqlInterpolatedAsync", "SqlQuery", "FromSql",
        "FromSqlInterpolated",
    ];

    private static readonly HashSet<string> Raw = ["ExecuteSqlRaw", "ExecuteSqlRawAsync", "SqlQueryRaw", "FromSqlRaw", "Sql"];

    private readonly IReadOnlyDictionary<string, string> examples;
    private readonly Dictionary<string, ExpressionSyntax> constants;
    private readonly List<SourceStatement> statements = [];
    private readonly List<string> calls = [];

    /// <param name="files">Paths and contents.</param>
    /// <param name="examples">By the member and the expression that the code puts in.</param>
    public SourceStatements(IEnumerable<(string Path, string Content)> files, IReadOnlyDictionary<string, string> examples)
    {
        this.examples = examples;
        var roots = files.Select(f => (f.Path, Root: CSharpSyntaxTree.ParseText(f.Content).GetRoot())).ToList();
        constants = roots.SelectMany(r => r.Root.DescendantNodes().OfType<FieldDeclarationSyntax>())
            .Where(f => f.Modifiers.Any(SyntaxKind.ConstKeyword))
            .SelectMany(f => f.Declaration.Variables.Select(v => (Name: $"{TypeOf(f)}.{v.Identifier.Text}", v.Initializer!.Value)))
            .GroupBy(c => c.Name).ToDictionary(g => g.Key, g => g.First().Value);
        foreach (var (path, root) in roots)
        {
            foreach (var text in root.DescendantNodes().OfType<ExpressionSyntax>().Where(IsWholeText)) Collect(path, text);
            if (path.Contains("/Migrations/", StringComparison.Ordinal)) continue;   // their whole script is checked
            foreach (var argument in root.DescendantNodes().Select(ArgumentOf).OfType<ExpressionSyntax>()) CollectCall(argument);
        }
    }

    public IReadOnlyList<SourceStatement> All => statements;

    /// <summary>Class, member and argument of the calls whose SQL is not written where they are, nor a constant.</summary>
    public IReadOnlyList<string> IndirectCalls => calls;

    private static string TypeOf(SyntaxNode node) =>
        string.Join('.', node.Ancestors().OfType<TypeDeclarationSyntax>().Reverse().Select(t => t.Identifier.Text));

    private static string MemberOf(SyntaxNode node)
    {
        var member = node.AncestorsAndSelf().OfType<MemberDeclarationSyntax>().First();
        var name = member switch
        {
            MethodDeclarationSyntax method => method.Identifier.Text,
            PropertyDeclarationSyntax property => property.Identifier.Text,
            FieldDeclarationSyntax field => field.Declaration.Variables[0].Identifier.Text,
            ConstructorDeclarationSyntax => "new",
            _ => "",
        };
        return name.Length == 0 ? TypeOf(node) : $"{TypeOf(node)}.{name}";
    }

    /// <summary>Not a part of a longer one.</summary>
    private static bool IsWholeText(ExpressionSyntax node) =>
        IsText(node) && !(node.Parent is BinaryExpressionSyntax parent && IsText(parent));

    private static bool IsText(ExpressionSyntax node) => node switch
    {
        LiteralExpressionSyntax literal => literal.IsKind(SyntaxKind.StringLiteralExpression),
        InterpolatedStringExpressionSyntax => true,
        BinaryExpressionSyntax sum => sum.IsKind(SyntaxKind.AddExpression) && (IsText(sum.Left) || IsText(sum.Right)),
        _ => false,
    };

    private static ExpressionSyntax? ArgumentOf(SyntaxNode node) => node switch
    {
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.Text: var name } } call
            when Parametrized.Contains(name) || Raw.Contains(name) => call.ArgumentList.Arguments.FirstOrDefault()?.Expression,
        AssignmentExpressionSyntax { Left: MemberAccessExpressionSyntax { Name.Identifier.Text: "CommandText" } } set => set.Right,
        ObjectCreationExpressionSyntax { Type: IdentifierNameSyntax { Identifier.Text: "SqliteStatement" or "SqlCommand" } } made
            => made.ArgumentList?.Arguments.Select(a => a.Expression)
                .FirstOrDefault(a => !a.ToString().StartsWith("connection", StringComparison.Ordinal)),
        _ => null,
    };

    private void Collect(string path, ExpressionSyntax text)
    {
        var unknown = new List<string>();
        var sql = Evaluate(text, MemberOf(text), HoldsParameters(text), unknown);
        if (sql is not null && Statement().IsMatch(sql)) statements.Add(new SourceStatement(MemberOf(text), path, Number(sql), unknown));
    }

    private void CollectCall(ExpressionSyntax argument)
    {
        var member = MemberOf(argument);
        if (argument is InvocationExpressionSyntax { ArgumentList.Arguments: [var only] }
            && argument.ToString().StartsWith("FormattableString.Invariant(", StringComparison.Ordinal)) argument = only.Expression;
        var sql = Evaluate(argument, member, HoldsParameters(argument), []);
        if (sql is null || !Statement().IsMatch(sql)) calls.Add($"{member}: {argument.ToString().Split('(')[0]}");
    }

    private static bool HoldsParameters(ExpressionSyntax text) =>
        text.Parent is ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax call } argument
        && call.ArgumentList.Arguments[0] == argument
        && call.Expression is MemberAccessExpressionSyntax { Name.Identifier.Text: var name } && Parametrized.Contains(name);

    /// <returns>Null when it is no text that can be known.</returns>
    private string? Evaluate(ExpressionSyntax node, string member, bool holdsParameters, List<string> unknown)
    {
        switch (node)
        {
            case LiteralExpressionSyntax literal:
                return literal.Token.ValueText;
            case BinaryExpressionSyntax sum when sum.IsKind(SyntaxKind.AddExpression):
                return Part(sum.Left) + Part(sum.Right);
            case InterpolatedStringExpressionSyntax text:
                var result = new StringBuilder();
                foreach (var part in text.Contents)
                {
                    result.Append(part is InterpolatedStringTextSyntax plain
                        ? Unescape(plain, text) : holdsParameters ? "@p" : Part(((InterpolationSyntax)part).Expression));
                }

                return result.ToString();
            default:
                return ConstantOf(node, member) is { } constant ? Evaluate(constant, member, false, unknown) : null;
        }

        string Part(ExpressionSyntax part)
        {
            if (part is InvocationExpressionSyntax { ArgumentList.Arguments: [var named] }
                && part.ToString().StartsWith("nameof(", StringComparison.Ordinal)) return named.ToString().Split('.')[^1];
            if (examples.TryGetValue($"{member}: {part}", out var example)) return example;
            if (Evaluate(part, member, false, unknown) is { } known) return known;
            unknown.Add(part.ToString());
            return "?";
        }
    }

    private ExpressionSyntax? ConstantOf(ExpressionSyntax node, string member)
    {
        var type = member;
        while (type.Contains('.', StringComparison.Ordinal))
        {
            type = type[..type.LastIndexOf('.')];
            if (constants.TryGetValue($"{type}.{node}", out var own)) return own;
        }

        return constants.GetValueOrDefault(node.ToString());
    }

    private static string Unescape(InterpolatedStringTextSyntax plain, InterpolatedStringExpressionSyntax text) =>
        text.StringStartToken.IsKind(SyntaxKind.InterpolatedStringStartToken)
            ? plain.TextToken.ValueText.Replace("{{", "{", StringComparison.Ordinal).Replace("}}", "}", StringComparison.Ordinal)
            : plain.TextToken.ValueText;

    /// <summary>EF Core's {0} and the holes of FormattableString become named parameters.</summary>
    private static string Number(string sql)
    {
        var count = 0;
        return Position().Replace(Hole().Replace(sql, _ => $"@p{count++}"), match => $"@p{match.Groups[1].Value}");
    }

    [GeneratedRegex(
        @"^\s*(SELECT|INSERT|UPDATE|DELETE|MERGE|WITH|CREATE|ALTER|DROP|TRUNCATE|DECLARE|EXEC|IF|SET|PRAGMA|VACUUM|ANALYZE|ATTACH)"
        + @"\s+[\w@\[""(*?]")]
    private static partial Regex Statement();

    [GeneratedRegex(@"@p(?![\w])")]
    private static partial Regex Hole();

    [GeneratedRegex(@"\{(\d+)\}")]
    private static partial Regex Position();
}
