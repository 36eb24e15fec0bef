using MetaMessaging.Domain.Connections;
using MetaMessaging.Domain.Contacts;
using MetaMessaging.Domain.Inbound;

namespace MetaMessaging.Domain.Tests;

public sealed class WebhookDeliveryTests
{
    private static readonly DateTimeOffset Now = new(2025, 10, 9, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void One_failed_event_makes_a_failed_delivery_and_one_processed_event_a_processed_one()
    {
        Assert.Equal(
            WebhookDeliveryState.Failed,
            Finished(EventOutcome.Processed, EventOutcome.Failed("broken"), EventOutcome.Ignored("not ours")).State);
        Assert.Equal(WebhookDeliveryState.Processed, Finished(EventOutcome.Ignored("not ours"), EventOutcome.Processed).State);
        Assert.Equal(WebhookDeliveryState.Ignored, Finished(EventOutcome.Ignored("not ours")).State);
        Assert.Equal(WebhookDeliveryState.Ignored, Finished().State);
    }

    [Fact]
    public void The_error_names_failures_first_and_each_reason_once() =>
        Assert.Equal(
            "broken; not ours",
            Finished(EventOutcome.Ignored("not ours"), EventOutcome.Ignored("not ours"), EventOutcome.Failed("broken")).Error);

    [Fact]
    public void A_delivery_belongs_to_an_organization_when_all_its_events_do()
    {
        Assert.Equal(
            7,
            Finished(
                EventOutcome.Processed with { OrganizationId = 7 }, EventOutcome.Processed with { OrganizationId = 7 }).OrganizationId);
        Assert.Null(
            Finished(
                EventOutcome.Processed with { OrganizationId = 7 }, EventOutcome.Processed with { OrganizationId = 8 }).OrganizationId);
        Assert.Null(Finished(EventOutcome.Processed with { OrganizationId = 7 }, EventOutcome.Ignored("nobody's")).OrganizationId);
    }

    [Fact]
    public void A_delivery_has_an_account_when_all_its_events_are_for_it()
    {
        Assert.Equal(
            "109",
            Finished(EventOutcome.Processed with { AccountId = "109" }, EventOutcome.Processed with { AccountId = "109" }).AccountId);
        Assert.Null(
            Finished(EventOutcome.Processed with { AccountId = "109" }, EventOutcome.Processed with { AccountId = "110" }).AccountId);
    }

    [Fact]
    public void A_parked_event_counts_as_processed() =>
        Assert.Equal(
            (WebhookDeliveryState.Processed, null),
            (Finished(EventOutcome.Parked("waits")).State, Finished(EventOutcome.Parked("waits")).Error));

    [Fact]
    public void The_outcome_of_each_event_is_stored_without_default_values_and_read_back()
    {
        var processed = EventOutcome.Processed with { Event = "Message", Mid = "m_1", AccountId = "109", CustomerId = "7654", At = Now };
        var delivery = Finished(processed with { OrganizationId = 7 }, EventOutcome.Ignored("not ours") with { IsStandby = true });

        Assert.Equal(
            """[{"kind":"Processed","organizationId":7,"event":"Message","mid":"m_1","accountId":"109","customerId":"7654","at":"2025"""
            + """-10-09T09:00:00+00:00"},{"kind":"Ignored","reason":"not ours","isStandby":true}]""",
            delivery.Outcomes);
        Assert.Equal([EventOutcomeKind.Processed, EventOutcomeKind.Ignored], delivery.ReadOutcomes().Select(o => o.Kind));
        Assert.Equal(
            ("m_1", Now, true), (delivery.ReadOutcomes()[0].Mid, delivery.ReadOutcomes()[0].At, delivery.ReadOutcomes()[1].IsStandby));
    }

    [Fact]
    public void A_replay_sets_the_delivery_to_pending_and_counts_a_second_attempt()
    {
        var delivery = Finished(EventOutcome.Failed("broken"));

        delivery.Replay();
        Assert.Equal(WebhookDeliveryState.Pending, delivery.State);
        delivery.Finish("page", [EventOutcome.Processed], Now);

        Assert.Equal(
            (WebhookDeliveryState.Processed, 2, 0, (string?)null),
            (delivery.State, delivery.Attempts, delivery.FailedEvents, delivery.Error));
    }

    [Fact]
    public void Long_reasons_are_shortened_to_the_column() =>
        Assert.Equal(2000, Finished(EventOutcome.Failed(new string('x', 5000))).Error!.Length);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 5)]
    [InlineData(3, 25)]
    [InlineData(4, 125)]
    [InlineData(5, 625)]
    [InlineData(7, 720)]
    public void Each_retry_of_a_profile_waits_longer(int attempts, int minutes)
    {
        var contact = Contact.FromFacebook(1, "109", "7654321098765432", Now);

        for (var i = 0; i < attempts; i++) contact.RetryProfile(Now);

        Assert.Equal(Now.AddMinutes(minutes), contact.ProfileDueAt);
    }

    [Fact]
    public void A_placeholder_name_contains_the_last_digits_of_the_id()
    {
        Assert.Equal("Messenger user 5432", Contact.FromFacebook(1, "109", "7654321098765432", Now).Name);
        Assert.Equal("Instagram user 12", Contact.FromInstagram(1, "17", "12", Now).Name);
    }

    [Fact]
    public void A_check_does_not_reconnect_a_disconnected_page()
    {
        var connection = new PageConnection(1, "109");
        connection.Connect(new ConnectablePage("109", "Blue Cup", "token", "17", "bluecup"), null, 1, null, Now);
        connection.Disconnect();

        connection.ConfirmToken(null, null, Now);
        connection.RequireReauthorization("expired", Now);
        connection.Report(ConnectionProblemCode.Permissions, "something", Now);

        Assert.Equal((ConnectionState.Disconnected, null, 0), (connection.State, connection.Problem, connection.Channels.Count));
    }

    private static WebhookDelivery Finished(params EventOutcome[] outcomes)
    {
        var delivery = new WebhookDelivery(new byte[] { 1 }, Now);
        delivery.Finish("page", outcomes, Now);
        return delivery;
    }
}
