/** What no configuration needs and every attack does; each is refused before it costs anything. */
export const LIMITS = {
  /** Of the file. */
  bytes: 1024 * 1024,
  /** Nesting of what the parser has open at once; a level of sections takes two. */
  depth: 64,
  /** Pieces of source text: words, signs, line ends. */
  lexemes: 50_000,
  /** Values after aliases have been followed. */
  values: 50_000,
  /** Syntax errors that are told. */
  errors: 20,
} as const;
