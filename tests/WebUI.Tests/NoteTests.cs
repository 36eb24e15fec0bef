using MetaMessaging.Domain.Organizations;
using MetaMessaging.Testing;

namespace MetaMessaging.WebUI.Tests;

public sealed class NoteTests(AppFixture fixture)
{
    [Fact]
    public async Task A_note_is_written_read_and_deleted_and_who_is_mentioned_finds_the_conversation()
    {
        var team = await fixture.App.CreateTenantAsync("Notes");
        var conversation = Some.Conversation(organizationId: team.OrganizationId);
        await fixture.App.InDatabaseAsync(async db =>
        {
            await db.SeedAsync(conversation);
            return 0;
        });
        var colleague = await fixture.App.CreateMemberAsync(
            team.OrganizationId, $"colleague@{Some.Unique("org")}.example", OrganizationRoles.Agent);
        var notes = $"api/conversations/{conversation.Id}/notes";

        var created = await team.Agent.Api.PostAsync(notes, new { text = "Who has the blue cup?", mentions = new[] { colleague.UserId } });

        Assert.Equal(201, created.Status);
        var found = (await colleague.Api.GetAsync("api/conversations?mentioned=true")).Json["items"]!.AsArray();
        Assert.Equal(conversation.Id, (long)Assert.Single(found)!["id"]!);
        var item = (await colleague.Api.GetAsync($"api/conversations/{conversation.Id}/timeline")).Json["items"]![0]!;
        Assert.Equal(("note", "Who has the blue cup?"), ((string)item["type"]!, (string)item["text"]!));
        Assert.Equal(
            (team.Agent.UserId, colleague.UserId),
            ((long)item["note"]!["author"]!["id"]!, (long)item["note"]!["mentions"]![0]!["id"]!));

        Assert.Equal(204, (await colleague.Api.PostAsync($"api/conversations/{conversation.Id}/read")).Status);
        Assert.Empty((await colleague.Api.GetAsync("api/conversations?mentioned=true")).Json["items"]!.AsArray());
        var refused = await colleague.Api.DeleteAsync($"{notes}/{created.Json["id"]}");
        Assert.Equal((422, "note_of_another_member"), (refused.Status, refused.Code));
        Assert.Equal(204, (await team.Agent.Api.DeleteAsync($"{notes}/{created.Json["id"]}")).Status);
        Assert.Equal(404, (await team.Agent.Api.DeleteAsync($"{notes}/{created.Json["id"]}")).Status);
    }

    [Fact]
    public async Task Notes_are_written_by_people_of_the_organization()
    {
        var (ours, theirs) = (await fixture.App.CreateTenantAsync("Ours"), await fixture.App.CreateTenantAsync("Theirs"));
        var conversation = Some.Conversation(organizationId: ours.OrganizationId);
        await fixture.App.InDatabaseAsync(async db =>
        {
            await db.SeedAsync(conversation);
            return 0;
        });
        var key = (await ours.Admin.Api.PostAsync(
            "api/api-keys", new { name = "Shop", scopes = new[] { "conversations:read", "conversations:write" } })).Json;
        using var software = fixture.App.Anonymous();
        software.AccessToken = (string)key["key"]!;
        var path = $"api/conversations/{conversation.Id}/notes";

        Assert.Equal(403, (await software.PostAsync(path, new { text = "x" })).Status);
        Assert.Equal(403, (await ours.Ops.Api.PostAsync(path, new { text = "x" })).Status);
        Assert.Equal(404, (await theirs.Agent.Api.PostAsync(path, new { text = "x" })).Status);
        Assert.Equal(404, (await ours.Agent.Api.PostAsync(path, new { text = "x", mentions = new[] { theirs.Agent.UserId } })).Status);
        Assert.Equal(400, (await ours.Agent.Api.PostAsync(path, new { text = "" })).Status);
    }
}
