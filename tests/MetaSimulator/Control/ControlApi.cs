namespace MetaMessaging.MetaSimulator.Control;

/// <summary>The routes under /sim: for tests and demos, never a part of what Meta offers.</summary>
internal static class ControlApi
{
    public static void Map(IEndpointRouteBuilder app)
    {
        var sim = app.MapGroup("/sim");
        WorldEndpoints.Map(sim);
        CustomerEndpoints.Map(sim);
        CustomerActionEndpoints.Map(sim);
        WebhookEndpoints.Map(sim);
        GraphFaultEndpoints.Map(sim);
        LedgerEndpoints.Map(sim);
        BurstEndpoints.Map(sim);
        LiveEndpoints.Map(sim);
    }
}
