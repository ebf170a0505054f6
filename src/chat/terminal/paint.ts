/** What a piece of text is; how that looks is decided by `paint` alone. */
export type Ink = 'strong' | 'code' | 'link' | 'dim' | 'good' | 'warning' | 'alarm';

/** `ansi` only for a terminal whose owner did not say NO_COLOR. */
export type Colours = 'ansi' | 'none';

const CODES: Readonly<Record<Ink, readonly [open: number, close: number]>> = {
  strong: [1, 22],
  code: [36, 39],
  link: [4, 24],
  dim: [2, 22],
  good: [32, 39],
  warning: [33, 39],
  alarm: [31, 39],
};

/** `noColor` is the value of NO_COLOR, which counts when it is there and not empty (no-color.org). Pure. */
export function coloursFor(output: { readonly isTTY?: boolean }, noColor: string | undefined): Colours {
  return output.isTTY === true && (noColor === undefined || noColor === '') ? 'ansi' : 'none';
}

/** The text as it is written out; without colours, code is told by backquotes. Pure. */
export function paint(text: string, ink: Ink | undefined, colours: Colours): string {
  if (ink === undefined || colours === 'none') return text;
  const [open, close] = CODES[ink];
  return `\u001b[${open}m${text}\u001b[${close}m`;
}
