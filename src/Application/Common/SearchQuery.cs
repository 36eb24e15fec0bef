namespace MetaMessaging.Application.Common;

/// <summary>What somebody searches for: all of its words, in any order. Nothing in it is an operator.</summary>
public sealed class SearchQuery
{
    public const int MaxLength = 200;

    private const int SnippetLength = 160;
    private const int MaxWords = 20;

    private SearchQuery(IReadOnlyList<SearchWord> words) => Words = words;

    public IReadOnlyList<SearchWord> Words { get; }

    /// <summary>Also one letter finds the words that begin with it, and two find any; else a part is of three letters and more.</summary>
    public bool IsOfNames { get; private init; }

    public bool IsEmpty => Words.Count == 0;

    /// <summary>Whether a word may also be found inside another, or is found whole or not at all.</summary>
    public bool HasParts => Words.Any(w => w.Kind is SearchWordKind.Word && (IsOfNames || w.Text.Length >= 3));

    public static SearchQuery Parse(string text)
    {
        var folded = FoldedText.Of(text).Text;
        return new SearchQuery(
        [
            .. SearchScripts.RunsOf(folded)
                .Select(run => new SearchWord(run.Kind, folded.Substring(run.Start, run.Length)))
                .Distinct().Take(MaxWords),
        ]);
    }

    public SearchQuery OfNames() => new(Words) { IsOfNames = true };

    public SearchMatch Match(params ReadOnlySpan<string?> texts)
    {
        var best = new SearchMatch[Words.Count];
        foreach (var text in texts)
        {
            if (string.IsNullOrEmpty(text)) continue;
            foreach (var (word, match, _) in FindWords(FoldedText.Of(text)))
                best[word] = match > best[word] ? match : best[word];
        }

        return best.Length == 0 ? SearchMatch.None : best.Min();
    }

    /// <summary>HTML: the text around the first hit, escaped, with each hit in a mark element.</summary>
    public string Snippet(string text)
    {
        var folded = FoldedText.Of(text);
        var hits = FindWords(folded).Select(hit => folded.OriginOf(hit.Place)).OrderBy(hit => hit.Start.Value).ToList();
        var start = hits.Count == 0 ? 0 : StartOfSnippet(text, hits[0].Start.Value);
        var end = Math.Min(text.Length, start + SnippetLength);
        if (end < text.Length && char.IsLowSurrogate(text[end])) end--;

        var html = new StringBuilder(start > 0 ? "…" : "");
        var position = start;
        foreach (var hit in hits)
        {
            var (from, to) = (Math.Max(hit.Start.Value, position), Math.Min(hit.End.Value, end));
            if (from >= to) continue;
            html.Append(Escape(text[position..from])).Append("<mark>").Append(Escape(text[from..to]))
                .Append("</mark>");
            position = to;
        }

        return html.Append(Escape(text[position..end])).Append(end < text.Length ? "…" : "").ToString();
    }

    private static string Escape(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal).Replace("\"", "&quot;", StringComparison.Ordinal)
        .Replace("'", "&#39;", StringComparison.Ordinal);

    private static int StartOfSnippet(string text, int hit)
    {
        var start = Math.Max(0, Math.Min(hit - 40, text.Length - SnippetLength));
        if (start == 0) return 0;

        var space = text.IndexOf(' ', start, Math.Max(0, hit - start));
        if (space >= 0) return space + 1;
        return char.IsLowSurrogate(text[start]) ? start - 1 : start;
    }

    private IEnumerable<(int Word, SearchMatch Match, Range Place)> FindWords(FoldedText folded)
    {
        foreach (var run in SearchScripts.RunsOf(folded.Text))
        {
            for (var i = 0; i < Words.Count; i++)
            {
                var word = Words[i];
                if (word.Kind != run.Kind) continue;
                foreach (var (match, start) in FindIn(folded.Text, run, word)) yield return (i, match, start..(start + word.Text.Length));
            }
        }
    }

    private IEnumerable<(SearchMatch Match, int Start)> FindIn(string text, SearchRun run, SearchWord word)
    {
        var end = run.Start + run.Length;
        var isAnywhere = run.Kind is SearchWordKind.Dense || word.Text.Length >= (IsOfNames ? 2 : 3);
        for (var start = run.Start; start + word.Text.Length <= end; start++)
        {
            start = text.IndexOf(word.Text, start, end - start, StringComparison.Ordinal);
            if (start < 0) yield break;

            var isWhole = run.Kind is SearchWordKind.Dense || word.Text.Length == run.Length;
            if (isWhole) yield return (SearchMatch.Whole, start);
            else if (isAnywhere || (IsOfNames && start == run.Start)) yield return (SearchMatch.Part, start);
        }
    }
}

public sealed record SearchWord
{
    internal SearchWord(SearchWordKind kind, string text) => (Kind, Text) = (kind, text);

    public string Text { get; }

    internal SearchWordKind Kind { get; }
}

public enum SearchMatch
{
    None,

    /// <summary>A word of the search is a part of a word only.</summary>
    Part,
    Whole,
}
