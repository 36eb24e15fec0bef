using MetaMessaging.Domain.Inbound;
using MetaMessaging.MetaSimulator;
using MetaMessaging.Testing;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.WebUI.Tests;

public sealed class MalformedWebhookTests
{
    [Fact]
    public async Task Every_signed_delivery_is_acknowledged_stored_and_processed()
    {
        await using var app = await App.StartAsync();
        using var admin = await app.SignInAsync();
        await admin.PutAsync("api/admin/system-config", new
        {
            metaMessagingAppId = SimulatorOptions.DefaultAppId,
            metaMessagingAppSecret = SimulatorOptions.DefaultAppSecret,
            metaMessagingVerifyToken = AppFixture.VerifyToken,
        });
        await app.InDatabaseAsync(async db => { await db.SeedAsync(Some.SampleConnection()); return true; });
        var random = new Random(20261123);
        List<byte[]> bodies = [.. Payload.Names.Select(Payload.Read).Select(body =>
            random.Next(4) == 0 ? Mutation.Garble(body, random) : Mutation.Of(body, random))];
        using var meta = app.Anonymous();

        var answers = await Task.WhenAll(
            bodies.Select(body => meta.DeliverAsync(body, Payload.Sign(body, SimulatorOptions.DefaultAppSecret))));

        Assert.All(answers, answer => Assert.Equal(200, answer.Status));
        await Until.True(
            () => app.InDatabaseAsync(async db => !await db.WebhookDeliveries.AnyAsync(d => d.State == WebhookDeliveryState.Pending)),
            "every delivery is worked off");
        Assert.Equal(bodies.Count, await app.InDatabaseAsync(db => db.WebhookDeliveries.CountAsync()));
    }
}
