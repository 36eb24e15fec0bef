using MetaMessaging.Application.UserAccounts;

namespace MetaMessaging.Application.Audit;

/// <param name="Organization">Null for what concerns the whole installation, which only system administrators see.</param>
/// <param name="Action">For example <c>apiKey.created</c>.</param>
/// <param name="Changes">The changed fields, each with its values before and after; "changed" for secrets and customers' names.</param>
/// <param name="Address">The client's network address; null for the system.</param>
public sealed record AuditEntryModel(
    long Id, DateTimeOffset At, OrganizationModel? Organization, AuditActor Actor, string Action, AuditTargetModel Target,
    IReadOnlyDictionary<string, IReadOnlyList<JsonElement>> Changes, string? Address);

/// <param name="Type">For example <c>member</c> or <c>contact</c>.</param>
/// <param name="Id">A number, or a text where the id is one; null for what exists once.</param>
/// <param name="Name">As it was then; of a contact the present name, null after the contact was erased.</param>
public sealed record AuditTargetModel(string Type, object? Id, string? Name);
