namespace MetaMessaging.WebUI.Formats;

/// <summary>The page stands alone, so its style is in it.</summary>
internal static class TranscriptStyle
{
    public const string Css =
        """

        :root { color-scheme: light dark; --ink: #1c2530; --muted: #5a6675; --line: #dfe4ea;
          --in: #f0f2f5; --out: #e3efff; --note: #fff6d9; }
        @media (prefers-color-scheme: dark) {
          :root { --ink: #e6eaf0; --muted: #a3afbd; --line: #33404e; --in: #232d38; --out: #17365c; --note: #41381a; }
        }
        * { box-sizing: border-box; margin: 0; }
        body { max-width: 46rem; margin: 0 auto; padding: 2rem 1rem 4rem; color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
        header { padding-bottom: 1rem; border-bottom: 1px solid var(--line); }
        header p, .who, .entry, .foot, h3, .file { color: var(--muted); font-size: .875rem; }
        h1 { font-size: 1.5rem; }
        h2 { margin: 2rem 0 0; font-size: 1.125rem; }
        h3 { margin: 1.5rem 0 .75rem; font-weight: 600; text-align: center; }
        article { width: fit-content; max-width: 85%; margin-block: .5rem; padding: .5rem .875rem; border-radius: .875rem;
          background: var(--in); break-inside: avoid; }
        .out { margin-inline-start: auto; background: var(--out); }
        .note { max-width: 100%; margin-inline: auto; background: var(--note); }
        .text { white-space: pre-wrap; overflow-wrap: anywhere; }
        .entry { margin-block: .75rem; text-align: center; }
        blockquote { margin-block: .25rem; padding-inline-start: .625rem; color: var(--muted); border-inline-start: 3px solid var(--line);
          overflow-wrap: anywhere; }
        a { color: inherit; }
        img { display: block; max-width: 100%; max-height: 24rem; margin-block: .25rem; border-radius: .5rem; }

        """;
}
