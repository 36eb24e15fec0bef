namespace MetaMessaging.Application.CannedReplies;

public interface ICannedReplyContent
{
    string? Name { get; }

    string? Shortcut { get; }

    string? Text { get; }
}

internal sealed class CannedReplyContentValidator : AbstractValidator<ICannedReplyContent>
{
    public CannedReplyContentValidator()
    {
        RuleFor(r => r.Name).IsName(CannedReply.MaxNameLength);
        RuleFor(r => r.Shortcut).NotEmpty();
        RuleFor(r => r.Shortcut).Must(shortcut => CannedReply.IsShortcut(shortcut!)).When(r => !string.IsNullOrEmpty(r.Shortcut))
            .WithMessage($"A shortcut is one word of letters, digits, - and _, {CannedReply.MaxShortcutLength} at most.");
        RuleFor(r => r.Text).IsVisibleText().MaximumLength(CannedReply.MaxTextLength);
        RuleFor(r => r.Text).Must(text => !CannedReply.UnknownPlaceholders(text!).Any()).When(r => r.Text is not null)
            .WithMessage(r =>
                $"{{{{{CannedReply.UnknownPlaceholders(r.Text!).First()}}}}} is not a placeholder. "
                + $"The placeholders are {string.Join(", ", CannedReply.Placeholders)}.");
    }
}

internal static class CannedReplyShortcuts
{
    /// <summary>Locks the organization first: of two that take the same shortcut, or the last place, at once, only one gets it.</summary>
    public static async Task LockShortcutAsync(
        this IAppDbContext db, long organizationId, string shortcut, long? exceptId, CancellationToken cancellationToken)
    {
        await db.Organizations.Where(o => o.Id == organizationId).LockAsync(cancellationToken);
        var wanted = CannedReply.NormalizeShortcut(shortcut);
        if (await db.CannedReplies.AnyAsync(r => r.Shortcut == wanted && r.Id != exceptId, cancellationToken))
            throw new ConflictException("shortcut_taken", $"/{wanted} belongs to another canned reply. Choose another shortcut.");
    }
}
