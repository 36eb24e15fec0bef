using MetaMessaging.Application.Common;
using MetaMessaging.Application.Inbound;
using MetaMessaging.Application.Maintenance;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Conversations;
using MetaMessaging.Testing;

namespace MetaMessaging.Application.Tests.Maintenance;

public class SweepMediaTests(SliceFixture app) : SliceTest(app)
{
    [Fact]
    public async Task Files_that_no_row_names_are_deleted_after_six_hours()
    {
        var message = await Given(Some.Inbound(
            Some.Conversation(), null, null, null, new AttachmentContent("image", "https://scontent.xx.fbcdn.net/cup.jpg")));
        MetaProfiles.OnProfile = _ => new MetaProfile("Peter Chang", null, new Uri("https://scontent.xx.fbcdn.net/09/p.jpg"));
        Media.OnDownload = address => address.AbsolutePath.Contains("cup", StringComparison.Ordinal)
            ? new StoredMedia("2025/10/picture", "2025/10/thumbnail", "image/jpeg", 3, null)
            : new StoredMedia("2025/09/avatar", null, "image/jpeg", 3, null);
        await Send(new DownloadAttachment(message.Attachments[0].Id));
        await Send(new EnrichContact(message.Conversation.ContactId));
        foreach (var unreferenced in new[] { "2025/10/unreferenced", "2025/09/unreferenced" }) Media.Files[unreferenced] = Clock.Now;
        Clock.Advance(TimeSpan.FromHours(7));
        Media.Files["2025/10/recent"] = Clock.Now;

        await Send(new SweepMedia());

        Assert.Equal(["2025/09/avatar", "2025/10/picture", "2025/10/recent", "2025/10/thumbnail"], Media.Files.Keys.Order());
    }

    /// <summary>A new column with keys needs a place in an IMediaReferences, or its files are swept.</summary>
    [Fact]
    public void Every_column_that_names_a_file_is_known()
    {
        var columns =
            from type in typeof(Entity).Assembly.GetTypes()
            where type.IsAssignableTo(typeof(Entity)) && !type.IsAbstract && type != typeof(IdempotencyKey)
            from property in type.GetProperties()
            where property.PropertyType == typeof(string) && property.Name.EndsWith("Key", StringComparison.Ordinal)
            select $"{type.Name}.{property.Name}";

        Assert.Equal(["Contact.AvatarKey", "MessageAttachment.StorageKey", "MessageAttachment.ThumbnailKey"], columns.Order());
    }
}
