using MetaMessaging.MetaSimulator;
using MetaMessaging.Testing;

namespace MetaMessaging.EndToEnd.Tests;

/// <summary>A client that others wrote for Meta cannot tell the simulator from Meta (npm: messaging-api-messenger).</summary>
[Requires(Requirement.Node)]
public sealed class MessengerClientTests
{
    private const string PageId = "109876543210987";
    private const string Peter = "7654321098765432";

    [Fact]
    public async Task The_calls_of_a_public_messenger_client_are_answered_as_Meta_answers_them()
    {
        await using var meta = await Simulator.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await meta.Control.ChangePageAsync(PageId, new { defaultAppId = SimulatorOptions.DefaultAppId });
        await meta.Control.WriteAsync(Peter, "hi");

        await Npm.NodeAsync(
            "messengerClient.mjs",
            ("ORIGIN", meta.BaseAddress.ToString().TrimEnd('/')),
            ("ACCESS_TOKEN", await meta.Control.GrantAsync()),
            ("APP_SECRET", SimulatorOptions.DefaultAppSecret),
            ("CUSTOMER", Peter));

        var accepted = await meta.Control.GetAcceptedAsync(Peter);
        Assert.Equal(
            ["text", "quick replies", "late", "from a persona", "in a batch & alone", "back again"],
            accepted.Where(message => message.Text is not null).Select(message => message.Text));
        Assert.Equal(8, accepted.Count(message => message.AttachmentTypes is ["image"] or ["template"]));
    }
}
