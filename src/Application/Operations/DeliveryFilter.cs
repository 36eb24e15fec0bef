namespace MetaMessaging.Application.Operations;

/// <summary>Restricts webhook deliveries. A null member does not restrict.</summary>
public interface IDeliveryFilter : IPeriod
{
    WebhookDeliveryState? State { get; }

    string? Object { get; }

    /// <summary>A Page or an Instagram account.</summary>
    string? AccountId { get; }

    /// <summary>A delivery's id, or text that its body contains, such as a mid or a PSID.</summary>
    string? Q { get; }
}

internal sealed class DeliveryFilterValidator : AbstractValidator<IDeliveryFilter>
{
    public DeliveryFilterValidator()
    {
        Include(new PeriodValidator());
        RuleFor(f => f.State).IsInEnum();
        RuleFor(f => f.Object).MaximumLength(64);
        RuleFor(f => f.AccountId).MaximumLength(MetaId.MaxLength).WithName("Page or Instagram account");
        RuleFor(f => f.Q).MaximumLength(MetaId.MaxLength).WithName("Search");
    }
}

internal static class DeliveryFilters
{
    /// <summary>Bodies have no index, so a search without <see cref="IPeriod.From"/> reads only the newest deliveries, or for the mid of a
    /// stored message those from that message on.</summary>
    internal const int MaxSearchedDeliveries = 50_000;

    public static IQueryable<WebhookDelivery> Matching(
        this IQueryable<WebhookDelivery> deliveries, IDeliveryFilter filter, IAppDbContext db)
    {
        var all = db.WebhookDeliveries;
        if (filter.State is { } state) deliveries = deliveries.Where(d => d.State == state);
        if (filter.Object is { Length: > 0 } @object) deliveries = deliveries.Where(d => d.Object == @object);
        if (filter.AccountId?.Trim() is { Length: > 0 } account) deliveries = deliveries.Where(d => d.AccountId == account);

        // Deliveries are stored in the order in which they are received, so a time stands for an id, and the list is read by id.
        if (filter.From is { } from)
        {
            deliveries = deliveries.Where(d => d.Id >= all.Where(a => a.ReceivedAt >= from)
                .OrderBy(a => a.ReceivedAt).Select(a => (long?)a.Id).FirstOrDefault());
        }

        if (filter.To is { } to)
        {
            deliveries = deliveries.Where(d => d.Id < (all.Where(a => a.ReceivedAt >= to)
                .OrderBy(a => a.ReceivedAt).Select(a => (long?)a.Id).FirstOrDefault() ?? long.MaxValue));
        }

        if (filter.Q?.Trim() is not { Length: > 0 } q) return deliveries;
        if (AsId(q) is { } id) return deliveries.Where(d => d.Id == id);

        var text = Encoding.UTF8.GetBytes(q);
        deliveries = deliveries.Where(d => PayloadSearch.Position(d.Payload, text) > 0);
        if (filter.From is not null) return deliveries;

        var connectionIds = db.Connections.Select(c => c.Id);
        var first = db.Messages.Where(m => connectionIds.Contains(m.ConnectionId) && m.ExternalId == q)
            .Select(m => m.WebhookDeliveryId
                ?? all.Where(a => a.ReceivedAt >= m.CreatedAt).OrderBy(a => a.ReceivedAt).Select(a => (long?)a.Id).FirstOrDefault());
        return deliveries.Where(d =>
            d.Id >= (first.FirstOrDefault() ?? (all.Max(a => a.Id) - MaxSearchedDeliveries + 1))
            && d.Id < (first.FirstOrDefault() ?? long.MaxValue - MaxSearchedDeliveries) + MaxSearchedDeliveries);
    }

    /// <summary>Meta's ids are numbers as well, but have more than 11 digits.</summary>
    private static long? AsId(string q) =>
        q.Length <= 11 && long.TryParse(q.TrimStart('#'), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
}
