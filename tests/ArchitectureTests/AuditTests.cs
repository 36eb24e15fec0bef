using System.Text.RegularExpressions;
using MediatR;

namespace MetaMessaging.ArchitectureTests;

public sealed partial class AuditTests
{
    /// <summary>A request that only reads is named with one of them.</summary>
    private static readonly string[] QueryVerbs =
        ["Get", "List", "Count", "Find", "Is", "Has", "Offer", "Preview", "Search", "Trace", "Verify", "Export"];

    [Fact]
    public void Every_command_is_audited_or_says_why_not() => Rule.Holds(
        "A handler that changes something takes AuditLog, itself or through its services, or its request has [NotAudited(\"why\")]:",
        Assemblies.Requests.Where(request => !IsQuery(request) && !IsAudited(request) && !SaysWhyNot(request))
            .Select(request => request.FullName!));

    [Fact]
    public void A_query_saves_nothing_but_the_time_of_use() => Rule.Holds(
        $"A request that only reads begins with {string.Join(", ", QueryVerbs)}; one that saves is a command, audited or not:",
        Assemblies.Requests.Where(request => IsQuery(request) && !IsAudited(request) && !SaysWhyNot(request))
            .Select(request => new SourceFile($"src/Application/{request.Area()}/{request.Name}/{request.Name}.cs"))
            .SelectMany(file => file.Matches(Saving()).Select(match => match.Place)));

    [Fact]
    public void A_reason_is_a_sentence_and_no_command_needs_none() => Rule.Holds(
        "[NotAudited] gives a reason, and only where there is no AuditLog:",
        Assemblies.Requests.Where(SaysWhyNot)
            .Where(request => !ReasonsOf(request).All(reason => Sentence().IsMatch(reason)) || IsAudited(request))
            .Select(request => request.FullName!));

    [Fact]
    public void Only_retention_and_the_end_of_an_organization_delete_entries_and_nothing_changes_them() => Rule.Holds(
        "The audit log is append-only, also on SQL Server, which has no trigger for it:",
        Source.Files("src", ".cs")
            .Where(file => !file.Path.Contains("/Migrations/", StringComparison.Ordinal)
                && file.Name is not ("DeleteOldAuditEntries.cs" or "OrganizationErasure.cs"))
            .Where(file => file.Text.Split(';').Any(statement => ChangeOfEntries().IsMatch(statement)))
            .Select(file => file.Path));

    private static bool IsQuery(Type request) => QueryVerbs.Contains(FirstWord().Match(request.Name).Value);

    private static bool IsAudited(Type request) => Assemblies.Application.GetTypes()
        .Where(type => type.As(typeof(IRequestHandler<,>)).Any(handler => handler.GenericTypeArguments[0] == request))
        .Any(TakesAuditLog);

    private static bool TakesAuditLog(Type type) => type.GetConstructors().SelectMany(c => c.GetParameters()).Any(parameter =>
        parameter.ParameterType.Name == "AuditLog"
        || (parameter.ParameterType.GetInterfaces().Any(i => i.Name == "IScopedService") && TakesAuditLog(parameter.ParameterType)));

    private static bool SaysWhyNot(Type request) => ReasonsOf(request).Any();

    private static IEnumerable<string> ReasonsOf(Type request) => request.GetInterfaces().Prepend(request)
        .SelectMany(type => type.GetCustomAttributesData())
        .Where(attribute => attribute.AttributeType.Name == "NotAuditedAttribute")
        .Select(attribute => (string)attribute.ConstructorArguments[0].Value!);

    [GeneratedRegex(@"\bAuditEntries\b[^{}]*\b(Execute(Update|Delete)|Remove|Update|Attach)|\b(UPDATE|DELETE FROM)\s+.?audit_entries")]
    private static partial Regex ChangeOfEntries();

    [GeneratedRegex("^[A-Z][a-z]+")]
    private static partial Regex FirstWord();

    [GeneratedRegex(@"\b(SaveChangesAsync|ExecuteUpdateAsync|ExecuteDeleteAsync)\(")]
    private static partial Regex Saving();

    [GeneratedRegex(@"^[A-Z].{10,}\.$")]
    private static partial Regex Sentence();
}
