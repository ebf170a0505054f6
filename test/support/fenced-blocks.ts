/** The fenced blocks of a page of Markdown, in order, each with its lines. Pure. */
export function fencedBlocks(
  markdown: string,
): { readonly language: string; readonly lines: readonly string[] }[] {
  return [...markdown.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(([, language = '', text = '']) => ({
    language,
    lines: text.split('\n').filter((line) => line.trim() !== ''),
  }));
}
