namespace MetaMessaging.Application.Common;

/// <summary>
/// What the index of the search on SQLite holds of a text. A token is a hash of organization, source and word, so the index shows no word,
/// and what one organization looks up is never among another's. Hits are compared with the text itself, so that equal hashes do not matter.
/// </summary>
public sealed class SearchTokens
{
    /// <summary>Of this class and of <see cref="FoldedText"/>: an index of another version is built anew.</summary>
    public const int Version = 1;

    private const int PartLength = 3;

    /// <summary>Parts of longer words are indexed this far; most are addresses or encoded data.</summary>
    private const int MaxWordLength = 100;

    private const string Digits = "0123456789abcdefghijklmnopqrstuv";

    private readonly StringBuilder tokens = new();
    private readonly ulong wordSeed;
    private readonly ulong partSeed;
    private readonly ulong filterSeed;

    /// <summary>Names are also found by a first letter and by any two: agents type a part of a name, and few rows have one.</summary>
    private readonly bool isOfNames;

    private SearchTokens(SearchSource source, long organizationId)
    {
        isOfNames = source.IsOfNames();
        var seed = Mix(((ulong)organizationId << 8) + ((ulong)source << 2));
        (wordSeed, partSeed, filterSeed) = (Mix(seed + 1), Mix(seed + 2), Mix(seed + 3));
    }

    /// <returns>Separated by spaces; null when the texts contain no word.</returns>
    public static string? OfRow(
        SearchSource source, long organizationId, string? occurredAt, string? channel, params ReadOnlySpan<string?> texts)
    {
        var row = new SearchTokens(source, organizationId);
        foreach (var text in texts) if (!string.IsNullOrEmpty(text)) row.AddText(text);
        if (row.tokens.Length == 0) return null;

        if (occurredAt is { Length: >= 7 })
        {
            row.Add(row.filterSeed, occurredAt.AsSpan(0, 4));
            row.Add(row.filterSeed, occurredAt.AsSpan(0, 7));
        }

        if (channel is not null) row.Add(row.filterSeed, channel);
        return row.tokens.ToString();
    }

    /// <summary>An FTS5 query for the rows that may match.</summary>
    public static string OfQuery(SearchStep step, long organizationId)
    {
        var query = new SearchTokens(step.Source, organizationId);
        foreach (var word in step.Query.Words) query.AddWord(word, step.IsWholeWords);
        if (step.Channel is { } channel && step.Source is SearchSource.Message) query.Add(query.filterSeed, channel.ToString());
        var expression = string.Join(" AND ", query.tokens.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries).Distinct());
        if (step is { From: null, To: null } || step.Source is not SearchSource.Message) return expression;

        var months = new SearchTokens(step.Source, organizationId);
        foreach (var period in PeriodsOf(step.From, step.To)) months.Add(months.filterSeed, period);
        return $"{expression} AND ({months.tokens.ToString().Trim().Replace(" ", " OR ", StringComparison.Ordinal)})";
    }

    /// <summary>The years and months that cover a span of time. Nobody has written through Messenger before 2010.</summary>
    private static IEnumerable<string> PeriodsOf(DateTimeOffset? from, DateTimeOffset? to)
    {
        var first = from?.UtcDateTime is { Year: >= 2010 } start ? start : new DateTime(2010, 1, 1);
        var last = to?.UtcDateTime is { Year: < 2060 } end ? end : new DateTime(2060, 1, 1);
        for (var month = new DateTime(first.Year, first.Month, 1); month <= last;)
        {
            var isWholeYear = month.Month == 1 && month.AddYears(1) <= last;
            yield return month.ToString(isWholeYear ? "yyyy" : "yyyy-MM", CultureInfo.InvariantCulture);
            month = isWholeYear ? month.AddYears(1) : month.AddMonths(1);
        }
    }

    private void AddText(string original)
    {
        var text = FoldedText.Of(original).Text;
        foreach (var run in SearchScripts.RunsOf(text))
        {
            var word = text.AsSpan(run.Start, run.Length);
            if (run.Kind is SearchWordKind.Dense)
            {
                AddCharacters(word, onlyPairs: false);
                continue;
            }

            Add(wordSeed, word);
            if (run.Kind is SearchWordKind.Symbol) continue;
            if (isOfNames) AddShortParts(word);
            AddParts(word.Length > MaxWordLength ? word[..MaxWordLength] : word);
        }
    }

    private void AddWord(SearchWord word, bool isWhole)
    {
        var text = word.Text.AsSpan();
        if (word.Kind is SearchWordKind.Dense) AddCharacters(text, onlyPairs: CountOf(text) > 1);
        else if (isWhole || word.Kind is SearchWordKind.Symbol) Add(wordSeed, text);
        else if (text.Length < PartLength) Add(isOfNames ? partSeed : wordSeed, text);
        else AddParts(text.Length > MaxWordLength ? text[..MaxWordLength] : text);
    }

    private void AddParts(ReadOnlySpan<char> word)
    {
        for (var start = 0; start + PartLength <= word.Length; start++) Add(partSeed, word.Slice(start, PartLength));
    }

    private void AddShortParts(ReadOnlySpan<char> word)
    {
        Add(partSeed, word[..1]);
        for (var start = 0; start + 2 <= word.Length; start++) Add(partSeed, word.Slice(start, 2));
    }

    private void AddCharacters(ReadOnlySpan<char> run, bool onlyPairs)
    {
        var previous = -1;
        var start = 0;
        foreach (var rune in run.EnumerateRunes())
        {
            var end = start + rune.Utf16SequenceLength;
            if (!onlyPairs) Add(partSeed, run[start..end]);
            if (previous >= 0) Add(partSeed, run[previous..end]);
            (previous, start) = (start, end);
        }
    }

    private static int CountOf(ReadOnlySpan<char> text)
    {
        var count = 0;
        foreach (var unused in text.EnumerateRunes()) count++;
        return count;
    }

    /// <summary>FNV-1a of the characters; 40 bits of it as eight digits, which FTS5 takes for one word.</summary>
    private void Add(ulong seed, ReadOnlySpan<char> text)
    {
        var hash = 14695981039346656037 ^ seed;
        foreach (var character in text) hash = (hash ^ character) * 1099511628211;
        hash = Mix(hash);
        for (var shift = 0; shift < 40; shift += 5) tokens.Append(Digits[(int)(hash >> shift) & 31]);
        tokens.Append(' ');
    }

    /// <summary>Of MurmurHash3: each bit of the input changes half of the bits.</summary>
    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 33)) * 0xff51afd7ed558ccd;
        value = (value ^ (value >> 33)) * 0xc4ceb9fe1a85ec53;
        return value ^ (value >> 33);
    }
}
