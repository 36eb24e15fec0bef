namespace MetaMessaging.WebUI.BackOffice;

public sealed class ReplyForm
{
    public string? Text { get; set; }
}
