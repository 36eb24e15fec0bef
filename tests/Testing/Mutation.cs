using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MetaMessaging.Testing;

/// <summary>Changes samples at random, for tests with unexpected input: values are missing, null, of another type, or huge.</summary>
public static class Mutation
{
    /// <summary>Changes one to three values of the JSON.</summary>
    public static byte[] Of(byte[] body, Random random)
    {
        var root = JsonNode.Parse(body)!;
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            var values = ValuesIn(root).ToList();
            if (values.Count == 0) break;
            Change(values[random.Next(values.Count)], random);
        }

        return Encoding.UTF8.GetBytes(root.ToJsonString());
    }

    /// <summary>Changes, removes or inserts bytes; the result need not be JSON.</summary>
    public static byte[] Garble(byte[] body, Random random)
    {
        var bytes = new List<byte>(body);
        for (var i = random.Next(1, 6); i > 0 && bytes.Count > 1; i--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(4))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes.RemoveAt(at); break;
                case 2: bytes.Insert(at, (byte)random.Next(256)); break;
                default: bytes.RemoveRange(at, Math.Min(random.Next(1, 40), bytes.Count - at)); break;
            }
        }

        return [.. bytes];
    }

    private static IEnumerable<(JsonNode Parent, string? Name, int Index)> ValuesIn(JsonNode node)
    {
        IEnumerable<(JsonNode, string?, int, JsonNode?)> children = node switch
        {
            JsonObject members => members.Select(m => ((JsonNode)members, (string?)m.Key, 0, m.Value)),
            JsonArray items => items.Select((item, index) => ((JsonNode)items, (string?)null, index, item)),
            _ => [],
        };
        foreach (var (parent, name, index, child) in children)
        {
            yield return (parent, name, index);
            if (child is null) continue;
            foreach (var value in ValuesIn(child)) yield return value;
        }
    }

    private static void Change((JsonNode Parent, string? Name, int Index) place, Random random)
    {
        var kind = random.Next(10);
        if (place.Parent is JsonObject members)
        {
            if (kind == 0) members.Remove(place.Name!);
            else members[place.Name!] = Unexpected(kind, members[place.Name!], random);
        }
        else if (place.Parent is JsonArray items)
        {
            if (kind == 0) items.RemoveAt(place.Index);
            else if (kind == 1) for (var i = 0; i < 50; i++) items.Add(items[place.Index]?.DeepClone());
            else items[place.Index] = Unexpected(kind, items[place.Index], random);
        }
    }

    private static JsonNode? Unexpected(int kind, JsonNode? before, Random random) => kind switch
    {
        1 => null,
        2 => random.Next(-5, 5),
        3 => JsonNode.Parse("123456789012345678901234567890"),
        4 => JsonNode.Parse("-1.5e300"),
        5 => new string((char)random.Next('a', 'z'), random.Next(2) == 0 ? 600 : 60_000),
        6 => random.Next(2) == 0,
        7 => new JsonArray(before?.DeepClone(), new JsonObject()),
        8 => new JsonObject { ["id"] = before?.DeepClone(), ["mid"] = new JsonArray() },
        _ => before?.GetValueKind() is JsonValueKind.String ? "" : "\ud83c\udf89\u0000\u202e",
    };
}
