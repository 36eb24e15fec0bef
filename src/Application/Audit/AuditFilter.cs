using System.Reflection;

namespace MetaMessaging.Application.Audit;

/// <summary>Restricts entries of the audit log. A null member does not restrict.</summary>
public interface IAuditFilter : IPeriod
{
    /// <summary>An id, a type (<c>person</c>, <c>apiKey</c>, <c>system</c>), both (<c>person:5</c>), or a part of the name.</summary>
    string? Actor { get; }

    /// <summary>An action, or all with a common beginning: <c>signIn</c>.</summary>
    string? Action { get; }

    /// <summary>A type, an id, or both: <c>contact</c>, <c>5</c>, <c>contact:5</c>.</summary>
    string? Target { get; }

    /// <summary>One of the organizations that a system administrator sees.</summary>
    long? OrganizationId { get; }
}

internal sealed class AuditFilterValidator : AbstractValidator<IAuditFilter>
{
    public AuditFilterValidator()
    {
        Include(new PeriodValidator());
        RuleFor(f => f.Actor).MaximumLength(200);
        RuleFor(f => f.Target).MaximumLength(512);
        RuleFor(f => f.Action).Must(AuditFilters.Finds!)
            .When(f => !string.IsNullOrEmpty(f.Action)).WithMessage("There is no such action.");
    }
}

internal static class AuditFilters
{
    private static readonly IReadOnlyList<string> Actions =
        [.. typeof(AuditActions).GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => (string)f.GetRawConstantValue()!)];

    public static bool Finds(string action) =>
        Actions.Any(known => known == action || known.StartsWith($"{action}.", StringComparison.Ordinal));

    public static IQueryable<AuditEntry> VisibleTo(this IQueryable<AuditEntry> entries, ICaller caller, OrganizationScope scope)
    {
        if (caller.IsSystemAdmin) return entries;
        var organizationId = scope.OrganizationId;
        return entries.Where(e => e.OrganizationId != null && e.OrganizationId == organizationId);
    }

    public static IQueryable<AuditEntry> Matching(this IQueryable<AuditEntry> entries, IAuditFilter filter)
    {
        if (filter.OrganizationId is { } organizationId) entries = entries.Where(e => e.OrganizationId == organizationId);
        if (filter.From is { } from) entries = entries.Where(e => e.At >= from);
        if (filter.To is { } to) entries = entries.Where(e => e.At < to);
        if (filter.Action is { Length: > 0 } action)
        {
            var beginning = $"{action}.";
            entries = entries.Where(e => e.Action == action || e.Action.StartsWith(beginning));
        }

        if (filter.Actor?.Trim() is { Length: > 0 } actor) entries = entries.By(actor);
        if (filter.Target?.Trim() is not { Length: > 0 } target) return entries;
        return target.Split(':', 2) is [var type, var id]
            ? entries.Where(e => e.TargetType == type && e.TargetId == id)
            : entries.Where(e => e.TargetType == target || e.TargetId == target);
    }

    private static IQueryable<AuditEntry> By(this IQueryable<AuditEntry> entries, string actor)
    {
        if (AsId(actor) is { } someId) return entries.Where(e => e.ActorId == someId);
        var parts = actor.Split(':', 2);
        if (!Enum.TryParse<AuditActorType>(parts[0], ignoreCase: true, out var type))
        {
            var pattern = LikePattern.Containing(actor);
            return entries.Where(e => EF.Functions.Like(e.ActorName, pattern, LikePattern.Escape));
        }

        entries = entries.Where(e => e.ActorType == type);
        if (parts is not [_, var text]) return entries;
        return AsId(text) is { } id ? entries.Where(e => e.ActorId == id) : entries.Where(_ => false);
    }

    private static long? AsId(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
}
