using MetaMessaging.Application.Common;
using MetaMessaging.Application.Inbound;
using MetaMessaging.Application.Upkeep;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Conversations;
using MetaMessaging.Testing;

namespace MetaMessaging.Application.Tests.Upkeep;

public class SweepMediaTests(SliceFixture app) : SliceTest(app)
{
    [Fact]
    public async Task What_no_row_names_is_removed_after_some_hours()
    {
        var message = await Given(Some.Inbound(Some.Conversation(), null, null, null, new AttachmentContent("image", "https://scontent.xx.fbcdn.net/cup.jpg")));
        MetaProfiles.OnProfile = _ => new MetaProfile("Peter Chang", null, new Uri("https://scontent.xx.fbcdn.net/09/p.jpg"));
        Media.OnDownload = address => address.AbsolutePath.Contains("cup", StringComparison.Ordinal)
            ? new StoredMedia("2025/10/picture", "2025/10/thumbnail", "image/jpeg", 3, null)
            : new StoredMedia("2025/09/avatar", null, "image/jpeg", 3, null);
        await Send(new DownloadAttachment(message.Attachments[0].Id));
        await Send(new EnrichContact(message.Conversation.ContactId));
        foreach (var orphan in new[] { "2025/10/orphan", "2025/09/orphan" }) Media.Files[orphan] = Clock.Now;
        Clock.Advance(TimeSpan.FromHours(7));
        Media.Files["2025/10/young"] = Clock.Now;

        await Send(new SweepMedia());

        Assert.Equal(["2025/09/avatar", "2025/10/picture", "2025/10/thumbnail", "2025/10/young"], Media.Files.Keys.Order());
    }

    /// <summary>A column that the sweep does not know of would lose its files.</summary>
    [Fact]
    public void Every_column_that_names_a_file_is_known()
    {
        var columns = typeof(Entity).Assembly.GetTypes().Where(t => t.IsAssignableTo(typeof(Entity)) && t != typeof(IdempotencyKey))
            .SelectMany(t => t.GetProperties().Where(p => p.PropertyType == typeof(string) && p.Name.EndsWith("Key", StringComparison.Ordinal)).Select(p => $"{t.Name}.{p.Name}"));

        Assert.Equal(["Contact.AvatarKey", "MessageAttachment.StorageKey", "MessageAttachment.ThumbnailKey"], columns.Order());
    }
}
