using MetaMessaging.Application.Compliance;

namespace MetaMessaging.WebUI.BackOffice;

[RulesOf(typeof(ChangeRetention))]
public sealed class RetentionForm
{
    public int? MessageDays { get; set; }

    public int? MediaDays { get; set; }

    public int? DeliveryDays { get; set; }

    public int? AuditDays { get; set; }

    internal static RetentionForm Of(RetentionModel retention) => new()
    {
        MessageDays = retention.MessageDays,
        MediaDays = retention.MediaDays,
        DeliveryDays = retention.DeliveryDays,
        AuditDays = retention.AuditDays,
    };

    internal ChangeRetention ToRequest() => new(MessageDays, MediaDays, DeliveryDays, AuditDays);

    internal PreviewRetention ToPreview() => new(MessageDays, MediaDays, DeliveryDays, AuditDays);
}
