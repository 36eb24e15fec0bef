using System.Text.Json.Nodes;
using MetaMessaging.MetaSimulator.Graph;
using MetaMessaging.MetaSimulator.OAuth;
using MetaMessaging.MetaSimulator.State;

namespace MetaMessaging.MetaSimulator.Profiles;

/// <summary>Names and pictures in which a Page may write (platform reference, Profile API → Messenger profile and personas).</summary>
internal static class PersonaNodes
{
    private const int MaxName = 50;

    public static void Map(GraphRoutes routes)
    {
        routes.EdgeAsync("POST", "personas", "personas", async call => await CreateAsync(call));
        routes.Edge("GET", "personas", "personas", List);
        routes.Node("personas", IsPersona, call => Answer(call, Find(call)));
        routes.Node("personas", IsPersona, Delete, "DELETE");
    }

    /// <summary>Refuses a send in the name of a persona that this Page does not have, or that Instagram would not show.</summary>
    public static string? Require(GraphCall call, Customer customer)
    {
        if (call.Text("persona_id") is not { } id) return null;
        if (customer.Channel is Channel.Instagram)
            throw GraphErrors.InvalidParameter("Param persona_id is not supported on this platform");
        return call.Platform.Personas.TryGetValue(id, out var persona) && persona.PageId == customer.PageId
            ? id
            : throw GraphErrors.InvalidParameter("Param persona_id must be a valid persona of this Page");
    }

    private static bool IsPersona(GraphCall call) => call.Platform.Personas.ContainsKey(call.Path[0]);

    private static async Task<JsonObject> CreateAsync(GraphCall call)
    {
        var page = FindPage(call);
        var name = call.Require("name");
        if (name.Length > MaxName) throw GraphErrors.TooLong("name", MaxName);
        var picture = await call.Platform.Attachments.FetchAsync(Channel.Messenger, "image", call.Require("profile_picture_url"));
        var persona = new Persona(Ids.Digits("2", 16), page.Id, name, picture.Id);
        call.Platform.Personas[persona.Id] = persona;
        return new JsonObject { ["id"] = persona.Id };
    }

    private static JsonObject List(GraphCall call)
    {
        var page = FindPage(call);
        var personas = call.Platform.Personas.Values.Where(persona => persona.PageId == page.Id)
            .OrderBy(persona => persona.Id, StringComparer.Ordinal).ToList();
        return Paging.CreatePage(call, personas, persona => persona.Id, 25, persona => Answer(call, persona));
    }

    private static JsonObject Delete(GraphCall call)
    {
        call.Platform.Personas.TryRemove(Find(call).Id, out _);
        return new JsonObject { ["success"] = true };
    }

    private static Persona Find(GraphCall call)
    {
        var persona = call.Platform.Personas.GetValueOrDefault(call.Path[0]);
        Admit(call);
        return persona is not null && persona.PageId == call.Token!.PageId
            ? persona
            : throw GraphErrors.Unsupported(call.Method, call.Path[0]);
    }

    private static Page FindPage(GraphCall call)
    {
        var page = Admit(call);
        return call.Path[0] is "me" || call.Path[0] == page.Id ? page : throw GraphErrors.Unsupported(call.Method, call.Path[0]);
    }

    private static Page Admit(GraphCall call)
    {
        var page = call.RequirePage();
        call.Channel = Channel.Messenger;
        call.BusinessObjectId = page.Id;
        call.RequirePermission(Permissions.PagesMessaging, 10);
        return page;
    }

    private static JsonObject Answer(GraphCall call, Persona persona)
    {
        var answer = new JsonObject();
        foreach (var field in call.Fields("name,profile_picture_url"))
        {
            answer[field.Name] = field.Name switch
            {
                "id" => persona.Id,
                "name" => persona.Name,
                "profile_picture_url" => call.Platform.Media.Address(persona.MediaId),
                _ => throw GraphErrors.NoSuchField(field.Name, "Persona"),
            };
        }

        answer.Remove("id");
        answer["id"] = persona.Id;
        return answer;
    }
}
