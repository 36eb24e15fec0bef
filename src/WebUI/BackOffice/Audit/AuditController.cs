using MetaMessaging.Application.Audit;

namespace MetaMessaging.WebUI.BackOffice;

[Authorize(Policy = Policies.Admin)]
public sealed class AuditController(IMediator mediator, ICaller caller) : BackOfficeController(mediator)
{
    [HttpGet("/admin/audit")]
    public async Task<IActionResult> Index(AuditFilterForm filter, string? cursor, CancellationToken cancellationToken)
    {
        var zone = ReaderTimeZone.Of(Request);
        var entries = await TryAskAsync(filter.ToList(zone, cursor), cancellationToken);
        var export = QueryString.Create(filter.ToApi(zone)!).ToUriComponent();
        return View(new AuditViewModel(
            filter, entries ?? new Page<AuditEntryModel>([], null), $"/api/audit.csv{export}", cursor is null, caller.IsSystemAdmin));
    }
}

/// <param name="Export">The address of the file with all entries that the filter finds.</param>
/// <param name="ShowsOrganizations">The entries are of the whole installation.</param>
public sealed record AuditViewModel(
    AuditFilterForm Filter, Page<AuditEntryModel> Entries, string Export, bool IsFirstPage, bool ShowsOrganizations);
