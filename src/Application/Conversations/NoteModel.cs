namespace MetaMessaging.Application.Conversations;

/// <summary>What an agent wrote to the others. The customer never sees it.</summary>
public sealed record NoteModel(
    long Id, long ConversationId, string Text, NoteMember Author, IReadOnlyList<NoteMember> Mentions, DateTimeOffset CreatedAt);

public sealed record NoteMember(long Id, string Name);

internal static class NoteModels
{
    /// <summary>Adds the members' names, which their accounts keep when they leave the organization.</summary>
    public static async Task<IReadOnlyList<NoteModel>> ToModelsAsync(
        this IReadOnlyList<Note> notes, IUserAccounts accounts, CancellationToken cancellationToken)
    {
        if (notes.Count == 0) return [];

        var ids = notes.SelectMany(n => n.Mentions.Select(m => m.UserId).Append(n.AuthorId)).Distinct().ToList();
        var names = await accounts.NamesAsync(ids, cancellationToken);
        return
        [
            .. notes.Select(n => new NoteModel(
                n.Id, n.ConversationId, n.Text, MemberOf(n.AuthorId), [.. n.Mentions.Select(m => MemberOf(m.UserId))], n.CreatedAt)),
        ];

        NoteMember MemberOf(long id) => new(id, names.GetValueOrDefault(id, ""));
    }
}
