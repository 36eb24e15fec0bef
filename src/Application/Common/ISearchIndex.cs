namespace MetaMessaging.Application.Common;

/// <summary>Finds rows by the words in them, whatever the size of the history.</summary>
public interface ISearchIndex
{
    /// <summary>
    /// Rows that may match, the newest first: the caller compares them with the words. At most a constant number of rows is looked at that
    /// do not contain the words.
    /// </summary>
    /// <param name="before">Only rows with a lower id.</param>
    Task<IReadOnlyList<long>> FindAsync(SearchStep step, long before, int count, CancellationToken cancellationToken);

    /// <summary>What of the history cannot be found at the moment; null when everything can.</summary>
    Task<SearchGap?> FindGapAsync(CancellationToken cancellationToken);
}

/// <summary>The tables whose rows are found. The number is part of the index on SQLite.</summary>
public enum SearchSource
{
    Message = 0,
    ContactName = 1,
    FacebookIdentity = 2,
    InstagramIdentity = 3,
    Note = 4,
    Attachment = 5,
}

public static class SearchSources
{
    public static bool IsOfNames(this SearchSource source) =>
        source is SearchSource.ContactName or SearchSource.FacebookIdentity or SearchSource.InstagramIdentity;
}

/// <param name="IsWholeWords">Otherwise words of three letters and more are also found inside others.</param>
public sealed record SearchStep(
    SearchSource Source, SearchQuery Query, bool IsWholeWords, Channel? Channel = null, DateTimeOffset? From = null,
    DateTimeOffset? To = null);

public enum SearchGap
{
    /// <summary>The index is being built; the newest messages are missing from it.</summary>
    Indexing,

    /// <summary>Full-text search is not installed on SQL Server; each page covers the newest messages only.</summary>
    NoFullText,
}
