using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using FluentValidation;
using MediatR;
using MetaMessaging.Application.Common;
using MetaMessaging.Application.Compliance;
using MetaMessaging.Application.SystemConfiguration;
using MetaMessaging.Domain.Audit;
using MetaMessaging.Domain.Connections;
using MetaMessaging.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace MetaMessaging.Application.Tests.Compliance;

public class MetaUserDataTests(SliceFixture app) : SliceTest(app)
{
    private const string Secret = "app secret of the test";
    private const string Person = "122100000000000001";

    private readonly SliceFixture app = app;

    [Fact]
    public async Task Deauthorizing_ends_the_access_of_every_connection_of_that_person_in_every_organization()
    {
        await GivenPagesAsync();

        await SendInSystemAsync(new Deauthorize(Signed(Person)));

        var connections = await Rows(db => db.Connections.OrderBy(c => c.Id));
        Assert.Equal(
            [ConnectionState.ReauthorizationRequired, ConnectionState.ReauthorizationRequired, ConnectionState.Active],
            connections.Select(c => c.State));
        Assert.Equal([null, null, "page-token"], connections.Select(c => c.PageAccessToken));
        Assert.Equal([Person, Person, "another"], connections.Select(c => c.MetaUserId));
        Assert.Empty(await Rows(db => db.PendingConnections));
        var audit = await Rows(db => db.AuditEntries.Where(e => e.Action == AuditActions.ConnectionReauthorizationRequired));
        Assert.Equal([Some.OrganizationId, Some.OtherOrganizationId], audit.Select(e => e.OrganizationId!.Value).Order());
    }

    [Fact]
    public async Task A_data_deletion_forgets_the_person_and_its_code_tells_what_was_done()
    {
        await GivenPagesAsync();

        var receipt = await SendInSystemAsync(new DeleteMetaUserData(Signed(Person)));

        Assert.Equal(["another"], (await Rows(db => db.Connections)).Select(c => c.MetaUserId).OfType<string>());
        Assert.Equal(
            $"https://messages.example/integrations/meta-messaging/data-deletion/{receipt.ConfirmationCode}", receipt.Url.AbsoluteUri);
        Assert.Matches("^[A-Z0-9]{20}$", receipt.ConfirmationCode);
        Assert.Equal(2, (await SendAnonymously(new GetDataDeletion(receipt.ConfirmationCode))).Connections);
        await Assert.ThrowsAsync<NotFoundException>(() => SendAnonymously(new GetDataDeletion("ANOTHER")));
    }

    [Fact]
    public async Task A_person_of_whom_nothing_is_held_gets_a_code_too()
    {
        await GivenPagesAsync();

        var receipt = await SendInSystemAsync(new DeleteMetaUserData(Signed("nobody")));

        Assert.Equal(0, (await SendAnonymously(new GetDataDeletion(receipt.ConfirmationCode))).Connections);
        Assert.All(await Rows(db => db.Connections), c => Assert.Equal(ConnectionState.Active, c.State));
    }

    public static TheoryData<string, string?> WrongRequests => new()
    {
        { "missing", null },
        { "empty", "" },
        { "no dot", Signed(Person).Replace(".", "", StringComparison.Ordinal) },
        { "of another secret", Signed(Person, secret: "another") },
        { "not base64url", "???." + Signed(Person).Split('.')[1] },
        { "without a signature", "." + Signed(Person).Split('.')[1] },
        { "another algorithm", Signed(Person, algorithm: "none") },
        { "without a user", Signed(null) },
        { "no object", Sign("[]") },
        { "no JSON", Sign("{") },
        { "older than an hour", Signed(Person, age: TimeSpan.FromMinutes(61)) },
        { "from the future", Signed(Person, age: TimeSpan.FromMinutes(-6)) },
        { "expired", Signed(Person, expires: Some.Now.AddSeconds(-1)) },
        { "without a time", Sign($$"""{"algorithm":"HMAC-SHA256","user_id":"{{Person}}"}""") },
    };

    [Theory]
    [MemberData(nameof(WrongRequests))]
    public async Task A_wrong_signed_request_changes_nothing(string description, string? signedRequest)
    {
        await GivenPagesAsync();

        await Assert.ThrowsAsync<ValidationException>(() => SendInSystemAsync(new Deauthorize(signedRequest)));
        await Assert.ThrowsAsync<ValidationException>(() => SendInSystemAsync(new DeleteMetaUserData(signedRequest)));

        Assert.All(await Rows(db => db.Connections), c => Assert.True(c.State is ConnectionState.Active, description));
        Assert.Empty(await Rows(db => db.DataDeletions));
    }

    [Theory]
    [InlineData("valid")]
    [InlineData("valid-no-expires")]
    public void The_test_vectors_of_the_platform_reference_are_accepted(string name)
    {
        var vectors = JsonNode.Parse(Payload.Vectors)!;
        var vector = vectors["signed_requests"]!.AsArray().Single(v => (string)v!["name"]! == name)!;

        var userId = SignedRequest.ReadUserId(
            (string)vector["signed_request"]!, (string)vectors["app_secret"]!, DateTimeOffset.FromUnixTimeSeconds(1760000060));

        Assert.Equal((string)vector["user_id"]!, userId);
    }

    private async Task GivenPagesAsync()
    {
        await Send(new UpdateSystemConfig("42", Secret, "verify"));
        await Given(Some.Connection(metaUserId: Person));
        await Given(Some.Connection(organizationId: Some.OtherOrganizationId, metaUserId: Person));
        await Given(Some.Connection(metaUserId: "another"));
        await Given(new PendingConnection(Some.OrganizationId, Some.AdminId, Person, "user-token", [], Clock.GetUtcNow()));
    }

    private Task<T> SendInSystemAsync<T>(IRequest<T> request) =>
        app.InSystemAsync(scope => scope.GetRequiredService<IMediator>().Send(request));

    private static string Signed(
        string? userId, string algorithm = "HMAC-SHA256", TimeSpan age = default, DateTimeOffset? expires = null, string secret = Secret)
    {
        var payload = new JsonObject { ["algorithm"] = algorithm, ["issued_at"] = (Some.Now - age).ToUnixTimeSeconds() };
        if (userId is not null) payload["user_id"] = userId;
        if (expires is { } end) payload["expires"] = end.ToUnixTimeSeconds();
        return Sign(payload.ToJsonString(), secret);
    }

    private static string Sign(string json, string secret = Secret)
    {
        var payload = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(payload));
        return $"{Base64Url.EncodeToString(signature)}.{payload}";
    }
}
