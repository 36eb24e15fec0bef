using System.Globalization;
using System.Text.Json.Nodes;
using MetaMessaging.MetaSimulator.Graph;
using MetaMessaging.MetaSimulator.State;

namespace MetaMessaging.MetaSimulator.Sending;

/// <summary>Handing a thread from app to app (platform reference, Webhooks → Hand-over and standby).</summary>
internal static class ThreadControlEdges
{
    public static void Map(GraphRoutes routes)
    {
        routes.Edge("POST", "take_thread_control", "threadControl", Take);
        routes.Edge("POST", "pass_thread_control", "threadControl", Pass);
        routes.Edge("POST", "release_thread_control", "threadControl", Release);
        routes.Edge("POST", "request_thread_control", "threadControl", Request);
        routes.Edge("GET", "thread_owner", "threadControl", ReadOwner);
    }

    /// <summary>Refuses the call unless this app is the default app of the Page.</summary>
    private static JsonObject Take(GraphCall call)
    {
        var (page, customer) = Recipients.Find(call);
        var app = call.Platform.Settings.App.Id;
        if (page.DefaultAppId != app) throw GraphErrors.Refuse(10);

        customer.ThreadOwnerAppId = null;
        return Success(call, customer);
    }

    private static JsonObject Pass(GraphCall call)
    {
        var (_, customer) = Recipients.Find(call);
        RequireOwnership(customer);
        var target = call.Require("target_app_id");
        customer.ThreadOwnerAppId = target == call.Platform.Settings.App.Id ? null : target;
        return Success(call, customer);
    }

    private static JsonObject Release(GraphCall call)
    {
        var (page, customer) = Recipients.Find(call);
        RequireOwnership(customer);
        customer.ThreadOwnerAppId = page.DefaultAppId == call.Platform.Settings.App.Id ? null : page.DefaultAppId;
        return Success(call, customer);
    }

    /// <summary>Only tells the owner about the request; the owner decides whether to pass the thread on.</summary>
    private static JsonObject Request(GraphCall call) => Success(call, Recipients.Find(call).Customer);

    /// <summary>The only one of these calls whose recipient is the plain id, not an object.</summary>
    private static JsonObject ReadOwner(GraphCall call)
    {
        var (page, customer) = Recipients.Find(call, call.Require("recipient"));
        var owner = customer.ThreadOwnerAppId ?? page.DefaultAppId;
        return new JsonObject
        {
            ["data"] = owner is null ? [] : new JsonArray(new JsonObject
            {
                ["thread_owner"] = new JsonObject
                {
                    ["app_id"] = long.Parse(owner, CultureInfo.InvariantCulture),
                    ["expiration"] = call.Platform.Clock.NowSeconds + 86400,
                },
            }),
        };
    }

    private static void RequireOwnership(Customer customer)
    {
        if (customer.ThreadOwnerAppId is not null) throw GraphErrors.Refuse(10, 2018300);
    }

    private static JsonObject Success(GraphCall call, Customer customer)
    {
        call.Platform.Live.Publish("thread", customer.Id);
        return new JsonObject { ["success"] = true };
    }
}
