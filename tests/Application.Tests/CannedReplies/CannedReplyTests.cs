using FluentValidation;
using MediatR;
using MetaMessaging.Application.CannedReplies;
using MetaMessaging.Application.Common;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Conversations;
using MetaMessaging.Testing;

namespace MetaMessaging.Application.Tests.CannedReplies;

public class CannedReplyTests(SliceFixture app) : SliceTest(app)
{
    [Fact]
    public async Task Canned_replies_are_offered_with_their_placeholders_filled_in()
    {
        var conversation = await Given(Some.Conversation());
        await Change(async db => (await db.Contacts.FindAsync(conversation.ContactId))!.Rename("Ingrid Solberg"));
        await Send(new CreateCannedReply("Thank you", "thanks", "Thank you!"));
        await Send(
            new CreateCannedReply("Opening hours", "/Hours", "Hi {{contact.firstName}}, we are open. {{agent.name}}, {{page.name}}"));

        var offered = await Send(new OfferCannedReplies(conversation.Id));

        Assert.Equal(["hours", "thanks"], offered.Select(r => r.Shortcut));
        Assert.Equal($"Hi Ingrid, we are open. {Caller.Name}, {conversation.Connection.PageName}", offered[0].Text);
    }

    [Fact]
    public async Task The_placeholder_of_an_unknown_name_has_a_default()
    {
        var conversation = await Given(Some.Conversation());
        await Send(new CreateCannedReply("Hello", "hello", "Hi {{contact.name}}"));
        await Send(new CreateCannedReply("Hello friend", "hello2", "Hi {{contact.name|friend}}"));

        var offered = await Send(new OfferCannedReplies(conversation.Id));

        Assert.Equal(["Hi there", "Hi friend"], offered.Select(r => r.Text));
    }

    [Fact]
    public async Task A_shortcut_is_unique_in_an_organization()
    {
        var hours = await Send(new CreateCannedReply("Opening hours", "hours", "From 8 to 18."));
        var thanks = await Send(new CreateCannedReply("Thank you", "thanks", "Thank you!"));

        var created = await Assert.ThrowsAsync<ConflictException>(() => Send(new CreateCannedReply("Again", "HOURS", "Text")));
        var changed = await Assert.ThrowsAsync<ConflictException>(
            () => Send(new UpdateCannedReply(thanks.Id, "Thank you", "hours", "Text")));
        var same = await Send(new UpdateCannedReply(hours.Id, "Hours", "hours", "From 9 to 17."));
        await SendAs(Some.OtherOrganizationId, new CreateCannedReply("Theirs", "hours", "Text"));

        Assert.Equal(("shortcut_taken", "shortcut_taken"), (created.Code, changed.Code));
        Assert.Equal(("Hours", "From 9 to 17."), (same.Name, same.Text));
    }

    [Theory]
    [InlineData("", "hours", "Text")]
    [InlineData("Name", "", "Text")]
    [InlineData("Name", "two words", "Text")]
    [InlineData("Name", "hours", " ")]
    [InlineData("Name", "hours", "Hi {{contact.nmae}}")]
    public async Task An_invalid_canned_reply_is_refused(string name, string shortcut, string text)
    {
        await Assert.ThrowsAsync<ValidationException>(() => Send(new CreateCannedReply(name, shortcut, text)));
        await Assert.ThrowsAsync<ValidationException>(() => Send(new UpdateCannedReply(1, name, shortcut, text)));
    }

    [Fact]
    public async Task An_organization_has_a_maximum_number_of_canned_replies()
    {
        await Change(db =>
        {
            db.CannedReplies.AddRange(
                Enumerable.Range(0, CannedReply.MaxPerOrganization).Select(
                    i => new CannedReply(Some.OrganizationId, "Name", $"s{i}", "Text", i, Clock.Now)));
            return Task.CompletedTask;
        });

        var refused = await Assert.ThrowsAsync<DomainException>(() => Send(new CreateCannedReply("One more", "more", "Text")));

        Assert.Equal("too_many_canned_replies", refused.Code);
    }

    [Fact]
    public async Task Of_canned_replies_that_take_one_shortcut_at_the_same_time_one_gets_it()
    {
        var other = await Send(new CreateCannedReply("Other", "other", "Text"));

        var outcomes = await Task.WhenAll(
            TryAsync(new CreateCannedReply("A", "hours", "Text")), TryAsync(new CreateCannedReply("B", "hours", "Text")),
            TryAsync(new CreateCannedReply("C", "hours", "Text")), TryAsync(new UpdateCannedReply(other.Id, "D", "hours", "Text")));

        Assert.Equal(["done", "shortcut_taken", "shortcut_taken", "shortcut_taken"], outcomes.Order());
        Assert.Equal(1, await Count(db => db.CannedReplies.Where(r => r.Shortcut == "hours")));
    }

    [Fact]
    public async Task Of_canned_replies_that_take_the_last_place_at_the_same_time_one_gets_it()
    {
        await Change(db =>
        {
            db.CannedReplies.AddRange(
                Enumerable.Range(1, CannedReply.MaxPerOrganization - 1).Select(
                    i => new CannedReply(Some.OrganizationId, "Name", $"s{i}", "Text", i, Clock.Now)));
            return Task.CompletedTask;
        });

        var outcomes = await Task.WhenAll(
            Enumerable.Range(0, 3).Select(i => TryAsync(new CreateCannedReply("One more", $"more{i}", "Text"))));

        Assert.Equal(["done", "too_many_canned_replies", "too_many_canned_replies"], outcomes.Order());
    }

    [Fact]
    public async Task The_next_page_begins_behind_the_last_item()
    {
        foreach (var shortcut in new[] { "a", "b", "c" }) await Send(new CreateCannedReply(shortcut, shortcut, "Text"));

        var first = await Send(new ListCannedReplies(Limit: 2));
        var second = await Send(new ListCannedReplies(Limit: 2, Cursor: first.NextCursor));

        Assert.Equal(["c", "b", "a"], first.Items.Concat(second.Items).Select(r => r.Shortcut));
        Assert.Null(second.NextCursor);
        await Assert.ThrowsAsync<ValidationException>(() => Send(new ListCannedReplies(Limit: 0)));
    }

    [Fact]
    public async Task Canned_replies_of_another_organization_are_not_found()
    {
        var theirs = await SendAs(Some.OtherOrganizationId, new CreateCannedReply("Theirs", "theirs", "Text"));
        var conversation = await Given(Some.Conversation());

        Assert.Empty((await Send(new ListCannedReplies())).Items);
        Assert.Empty(await Send(new OfferCannedReplies(conversation.Id)));
        await Assert.ThrowsAsync<NotFoundException>(() => Send(new UpdateCannedReply(theirs.Id, "x", "x", "x")));
        await Assert.ThrowsAsync<NotFoundException>(() => Send(new DeleteCannedReply(theirs.Id)));
        await Assert.ThrowsAsync<NotFoundException>(() => Send(new OfferCannedReplies(999_999)));
    }

    [Fact]
    public async Task A_deleted_canned_reply_is_no_longer_listed()
    {
        var reply = await Send(new CreateCannedReply("Name", "gone", "Text"));

        await Send(new DeleteCannedReply(reply.Id));

        Assert.Empty((await Send(new ListCannedReplies())).Items);
    }

    private Task<string> TryAsync(IRequest<CannedReplyModel> request) => Task.Run(async () =>
    {
        try
        {
            await Send(request);
            return "done";
        }
        catch (DomainException exception)
        {
            return exception.Code;
        }
    });
}
