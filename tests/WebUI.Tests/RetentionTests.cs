using MetaMessaging.Testing;

namespace MetaMessaging.WebUI.Tests;

public sealed class RetentionTests(AppFixture fixture)
{
    [Fact]
    public async Task Retention_is_read_changed_and_counted_before_by_the_organizations_admin()
    {
        var tenant = await fixture.App.CreateTenantAsync("Retention");
        const string address = "api/settings/retention";

        var none = await tenant.Admin.Api.GetAsync(address);
        var wanted = new { messageDays = 90, mediaDays = (int?)null, deliveryDays = 7, auditDays = 365 };
        var changed = await tenant.Admin.Api.PutAsync(address, wanted);
        var preview = await tenant.Admin.Api.GetAsync($"{address}/preview?messageDays=1&auditDays=1");

        Assert.Equal("""{"messageDays":null,"mediaDays":null,"deliveryDays":null,"auditDays":null}""", none.Text);
        Assert.Equal((200, """{"messageDays":90,"mediaDays":null,"deliveryDays":7,"auditDays":365}"""), (changed.Status, changed.Text));
        Assert.Equal(changed.Text, (await tenant.Admin.Api.GetAsync(address)).Text);
        Assert.Equal((200, """{"count":0,"isMore":false}"""), (preview.Status, preview.Json["messages"]!.ToJsonString()));
        var tooLong = await tenant.Admin.Api.PutAsync(address, new { deliveryDays = 31 });
        Assert.Equal((400, "validation_failed"), (tooLong.Status, tooLong.Code));
        Assert.Contains("30 days", (string)tooLong.Json["errors"]!["deliveryDays"]![0]!, StringComparison.Ordinal);
        Assert.Equal(400, (await tenant.Admin.Api.GetAsync($"{address}/preview?messageDays=0")).Status);
        Assert.Equal(403, (await tenant.Agent.Api.GetAsync(address)).Status);
    }
}
