namespace MetaMessaging.MetaSimulator.Control;

/// <summary>The routes under /sim, which Meta does not have: they control the simulator.</summary>
internal static class ControlApi
{
    public static void Map(IEndpointRouteBuilder app)
    {
        var sim = app.MapGroup("/sim");
        PlatformEndpoints.Map(sim);
        CustomerEndpoints.Map(sim);
        CustomerActionEndpoints.Map(sim);
        WebhookEndpoints.Map(sim);
        GraphFaultEndpoints.Map(sim);
        RecordEndpoints.Map(sim);
        BurstEndpoints.Map(sim);
        LiveEndpoints.Map(sim);
        StoryEndpoints.Map(sim);
    }
}
