using MetaMessaging.Application.Conversations;

namespace MetaMessaging.WebUI.BackOffice;

public sealed class NoteForm
{
    public string? Text { get; set; }

    public List<long> Mentions { get; set; } = [];

    internal CreateNote ToRequest(long conversationId) => new(conversationId, Text, Mentions);
}
