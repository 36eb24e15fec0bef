using System.Text.Json.Nodes;
using MetaMessaging.MetaSimulator.Graph;
using MetaMessaging.MetaSimulator.State;

namespace MetaMessaging.MetaSimulator.Profiles;

/// <summary>What each property of a Messenger profile may be (platform reference, Profile API → Messenger profile and personas).</summary>
internal static class MessengerProfileRules
{
    private const int MaxPayload = 1000;
    private const int MaxLocales = 100;

    private static readonly string[] OnMessenger =
    [
        "account_linking_url", "get_started", "greeting", "ice_breakers", "persistent_menu", "whitelisted_domains",
    ];

    private static readonly string[] OnInstagram = ["ice_breakers", "persistent_menu"];
    private static readonly string[] MenuKeys = ["locale", "composer_input_disabled", "disabled_surfaces", "call_to_actions"];
    private static readonly string[] MenuItemTypes = ["web_url", "postback"];
    private static readonly string[] WebviewHeights = ["compact", "tall", "full"];

    public static string[] Properties(Channel channel) => channel is Channel.Messenger ? OnMessenger : OnInstagram;

    public static void Check(string property, JsonNode? value)
    {
        switch (property)
        {
            case "account_linking_url": ParameterRules.RequireHttps(value, property); break;
            case "get_started": ParameterRules.RequireText(value as JsonObject ?? [], property, "payload", MaxPayload); break;
            case "greeting": CheckGreeting(value); break;
            case "ice_breakers": CheckIceBreakers(value); break;
            case "persistent_menu": CheckMenus(value); break;
            case "whitelisted_domains": CheckDomains(value); break;
        }
    }

    /// <summary>A menu needs the Get Started button, so that neither is set nor the other deleted alone.</summary>
    public static void CheckWhole(Channel channel, JsonObject profile)
    {
        if (channel is Channel.Messenger && profile.ContainsKey("persistent_menu") && !profile.ContainsKey("get_started"))
            throw GraphErrors.Refuse(100, 2018145);
    }

    private static void CheckGreeting(JsonNode? value)
    {
        foreach (var (greeting, name) in Localized(value, "greeting")) ParameterRules.RequireText(greeting, name, "text", 160);
    }

    /// <summary>A list of questions, or one such list for each locale.</summary>
    private static void CheckIceBreakers(JsonNode? value)
    {
        if ((value as JsonArray)?.FirstOrDefault() is JsonObject first && first.ContainsKey("call_to_actions"))
        {
            foreach (var (set, name) in Localized(value, "ice_breakers"))
                CheckQuestions(set["call_to_actions"], $"{name}[call_to_actions]");
        }
        else
        {
            CheckQuestions(value, "ice_breakers");
        }
    }

    private static void CheckQuestions(JsonNode? value, string list)
    {
        foreach (var (question, name) in ParameterRules.RequireObjects(value, list, 4))
        {
            ParameterRules.RequireText(question, name, "question", 80);
            ParameterRules.RequireText(question, name, "payload", MaxPayload);
        }
    }

    private static void CheckMenus(JsonNode? value)
    {
        foreach (var (menu, name) in Localized(value, "persistent_menu"))
        {
            var unknown = menu.Select(member => member.Key).Except(MenuKeys).ToList();
            if (unknown is not [])
                throw GraphErrors.InvalidParameter($"Invalid keys \"{string.Join(", ", unknown)}\" were found in param \"{name}\".");

            // A locale without items shows no menu; only one that hides the composer needs them.
            if (menu["call_to_actions"] is null && GraphCall.AsText(menu["composer_input_disabled"]) is not "true") continue;
            foreach (var (item, itemName) in ParameterRules.RequireObjects(menu["call_to_actions"], $"{name}[call_to_actions]", 20))
                CheckMenuItem(item, itemName);
        }
    }

    private static void CheckMenuItem(JsonObject item, string name)
    {
        var type = ParameterRules.RequireOneOf(item["type"], $"{name}[type]", MenuItemTypes);
        ParameterRules.RequireText(item, name, "title", 30);
        if (type is "postback") ParameterRules.RequireText(item, name, "payload", MaxPayload);
        else ParameterRules.RequireText(item, name, "url", 2000);
        if (item["webview_height_ratio"] is { } ratio) ParameterRules.RequireOneOf(ratio, $"{name}[webview_height_ratio]", WebviewHeights);
    }

    private static void CheckDomains(JsonNode? value)
    {
        if (value is not JsonArray { Count: > 0 and <= 50 } domains)
            throw GraphErrors.InvalidParameter("Param whitelisted_domains must be an array of 1 to 50 domains.");
        for (var i = 0; i < domains.Count; i++) ParameterRules.RequireHttps(domains[i], $"whitelisted_domains[{i}]");
    }

    /// <summary>Entries for locales, of which one must be the default.</summary>
    private static List<(JsonObject Element, string Name)> Localized(JsonNode? value, string property)
    {
        var entries = ParameterRules.RequireObjects(value, property, MaxLocales).ToList();
        return entries.Any(entry => GraphCall.AsText(entry.Element["locale"]) is "default")
            ? entries
            : throw GraphErrors.InvalidParameter($"Param {property} must have an entry with the locale \"default\".");
    }
}
