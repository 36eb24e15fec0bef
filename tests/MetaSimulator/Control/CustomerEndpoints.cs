using MetaMessaging.MetaSimulator.Media;
using MetaMessaging.MetaSimulator.State;

namespace MetaMessaging.MetaSimulator.Control;

/// <summary>Customers, and uploads of files for them to send.</summary>
internal static class CustomerEndpoints
{
    public static void Map(IEndpointRouteBuilder sim)
    {
        sim.MapGet("/customers", List);
        sim.MapPost("/customers", Create);
        sim.MapGet("/customers/{id}", (string id, Platform platform) => CustomerModel.Of(platform, Find(platform, id), withMessages: true));
        sim.MapPatch("/customers/{id}", Change);
        sim.MapPost("/media", UploadAsync);
        sim.MapGet("/samples", () => Samples.Names);
    }

    public static Customer Find(Platform platform, string id) =>
        platform.FindCustomer(id) ?? throw ControlException.NotFound($"customer {id}");

    private static IEnumerable<CustomerModel> List(Platform platform, string? channel, string? pageId) => platform.Customers
        .Where(customer => channel is null || customer.Channel == ChannelLabels.Parse(channel))
        .Where(customer => pageId is null || customer.PageId == pageId)
        .OrderByDescending(customer => customer.LastMessage?.At ?? 0).ThenBy(customer => customer.Name, StringComparer.Ordinal)
        .Select(customer => CustomerModel.Of(platform, customer, withMessages: false));

    private static IResult Create(CustomerRequest request, Platform platform)
    {
        var created = Enumerable.Range(0, request.Count ?? 1)
            .Select(_ => CustomerModel.Of(platform, New(platform, request), withMessages: false))
            .ToList();
        return request.Count is null
            ? Results.Json(created[0], statusCode: StatusCodes.Status201Created)
            : Results.Json(created, statusCode: StatusCodes.Status201Created);
    }

    public static Customer New(Platform platform, CustomerRequest request)
    {
        var channel = ChannelLabels.Parse(request.Channel ?? "messenger")
            ?? throw new ControlException("channel is messenger or instagram.");
        var page = platform.Pages.GetValueOrDefault(request.PageId ?? Seed.CoffeePageId)
            ?? throw ControlException.NotFound($"Page {request.PageId}");
        if (channel is Channel.Instagram && page.Instagram is null) throw new ControlException($"Page {page.Id} has no Instagram account.");

        var accountId = channel is Channel.Messenger ? page.Id : page.Instagram!.Id;
        var id = request.Id ?? Ids.Digits(channel is Channel.Messenger ? "7" : "1", 16);
        if (platform.FindCustomer(id) is not null)
            throw new ControlException($"There is a customer {id} already.", StatusCodes.Status409Conflict);
        var name = request.Name ?? Names.At(id);
        var customer = platform.Add(new Customer
        {
            Id = id,
            Channel = channel,
            PageId = page.Id,
            AccountId = accountId,
            ConversationId = Ids.ConversationId(channel, accountId, id),
            Name = name,
            Username = request.Username ?? name.ToLowerInvariant().Replace(' ', '.'),
        });
        Apply(customer, request);
        return customer;
    }

    private static CustomerModel Change(string id, CustomerRequest request, Platform platform)
    {
        var customer = Find(platform, id);
        Apply(customer, request);
        platform.Live.Publish("thread", id);
        return CustomerModel.Of(platform, customer, withMessages: false);
    }

    private static void Apply(Customer customer, CustomerRequest request)
    {
        if (request.Name is not null) customer.Name = request.Name;
        if (request.Username is not null) customer.Username = request.Username;
        if (request.Online is { } online) customer.Online = online;
        if (request.Blocked is { } blocked) customer.Blocked = blocked;
        if (request.Profile is { } profile) customer.Profile = profile;
        if (request.ThreadOwnerAppId is { } owner) customer.ThreadOwnerAppId = owner is "" ? null : owner;
    }

    private static async Task<object> UploadAsync(HttpRequest request, Platform platform)
    {
        if (request.HasFormContentType)
        {
            var file = (await request.ReadFormAsync()).Files.GetFile("file")
                ?? throw new ControlException("The form needs a field named file.");
            using var content = new MemoryStream();
            await file.CopyToAsync(content);
            return Model(platform, platform.Media.Store(content.ToArray(), file.ContentType, Path.GetFileName(file.FileName)));
        }

        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        return Model(
            platform,
            platform.Media.Store(
                body.ToArray(), request.ContentType ?? "application/octet-stream", request.Query["name"].FirstOrDefault() ?? "file"));
    }

    private static object Model(Platform platform, MediaFile file) =>
        new { mediaId = file.Id, url = platform.Media.Address(file.Id), contentType = file.ContentType };
}
