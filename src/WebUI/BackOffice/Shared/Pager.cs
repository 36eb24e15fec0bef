namespace MetaMessaging.WebUI.BackOffice;

/// <summary>The links below a filtered list: back to the newest entries, on to older ones.</summary>
internal sealed record Pager(FilterForm Filter, bool IsFirstPage, string? NextCursor);
