using MetaMessaging.MetaSimulator.State;

namespace MetaMessaging.MetaSimulator.Control;

internal static class GraphFaultEndpoints
{
    public static void Map(IEndpointRouteBuilder sim)
    {
        sim.MapGet("/faults", (Platform platform) => platform.Faults.All);
        sim.MapPost(
            "/faults",
            (PlannedFault fault, Platform platform) => Results.Json(platform.Faults.Add(fault), statusCode: StatusCodes.Status201Created));
        sim.MapDelete("/faults", (Platform platform) => platform.Faults.Clear());
        sim.MapDelete(
            "/faults/{id:int}",
            (int id, Platform platform) =>
                platform.Faults.Remove(id) ? Results.NoContent() : throw ControlException.NotFound($"fault {id}"));
    }
}
