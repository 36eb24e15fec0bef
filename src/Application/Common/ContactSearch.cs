namespace MetaMessaging.Application.Common;

internal static class ContactSearch
{
    /// <summary>Those whose name contains the text, or whose PSID, IGSID or Instagram user name it is.</summary>
    public static IQueryable<Contact> Matching(this IQueryable<Contact> contacts, string text)
    {
        var pattern = LikePattern.Containing(text);
        return contacts.Where(c => EF.Functions.Like(c.Name, pattern, LikePattern.Escape)
            || c.Facebook.Any(f => f.Psid == text) || c.Instagram.Any(i => i.Igsid == text || i.Username == text));
    }
}
