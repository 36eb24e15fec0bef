using MetaMessaging.MetaSimulator.State;
using MetaMessaging.MetaSimulator.Stories;

namespace MetaMessaging.MetaSimulator.Control;

/// <summary>Plays a script of conversations, for the demo.</summary>
internal static class StoryEndpoints
{
    public static void Map(IEndpointRouteBuilder sim)
    {
        sim.MapPut("/story", async (HttpRequest request, Platform platform) =>
        {
            using var reader = new StreamReader(request.Body);
            platform.Story = new StoryPlayer(platform, StoryScript.Parse(await reader.ReadToEndAsync()));
            platform.Story.AddPeople();
        });
        sim.MapPost("/story/play", (Platform platform) => Find(platform).PlayPast());
        sim.MapPost("/story/next", (Platform platform) => Find(platform).PlayNext() is { } line ? Results.Ok(line) : Results.NoContent());
    }

    private static StoryPlayer Find(Platform platform) => platform.Story ?? throw ControlException.NotFound("story");
}
