using MetaMessaging.Application.CannedReplies;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.ViewFeatures;

namespace MetaMessaging.WebUI.BackOffice;

[RulesOf(typeof(ICannedReplyContent))]
public sealed class CannedReplyForm
{
    /// <summary>From the address; null for a new reply.</summary>
    public long? Id { get; set; }

    public string? Name { get; set; }

    public string? Shortcut { get; set; }

    public string? Text { get; set; }
}

/// <param name="Refused">The form that was just sent and not accepted.</param>
public sealed record CannedRepliesViewModel(Page<CannedReplyModel> Replies, string? Cursor, CannedReplyForm? Refused)
{
    public CannedReplyForm NewForm { get; } = Refused is { Id: null } ? Refused : new CannedReplyForm();

    public CannedReplyForm FormOf(CannedReplyModel reply) => Refused?.Id == reply.Id
        ? Refused
        : new CannedReplyForm { Id = reply.Id, Name = reply.Name, Shortcut = reply.Shortcut, Text = reply.Text };

    /// <summary>The forms have fields of the same names, so only the refused one may see the model state of the last request.</summary>
    public ViewDataDictionary ViewDataOf(CannedReplyForm form, ViewDataDictionary page) =>
        form == Refused ? page : new ViewDataDictionary(new EmptyModelMetadataProvider(), new ModelStateDictionary());
}
