/** A text with facts in it: plain pieces, and names of facts that stood in braces. */
export type TemplatePiece = { readonly text: string } | { readonly fact: string };

/** `from {from} to {to}` in pieces. There is no other markup, and no way to write a brace. Pure. */
export function parseTemplate(template: string): readonly TemplatePiece[] {
  return template
    .split(/\{([^{}]*)\}/)
    .map((piece, index): TemplatePiece => (index % 2 === 1 ? { fact: piece } : { text: piece }))
    .filter((piece) => 'fact' in piece || piece.text !== '');
}

/** The names of the facts in a template. Pure. */
export function factsIn(template: string): readonly string[] {
  return parseTemplate(template).flatMap((piece) => ('fact' in piece ? [piece.fact] : []));
}

/** The template with its facts filled in, as plain text. A fact that is not there is a bug of the template, and thrown. */
export function fillPlain(template: string, facts: Readonly<Record<string, string>>): string {
  return parseTemplate(template)
    .map((piece) => ('fact' in piece ? factOf(piece.fact, facts) : piece.text))
    .join('');
}

/** Never a gap in a sentence that people act on: an absent fact throws. */
export function factOf(name: string, facts: Readonly<Record<string, string>>): string {
  const value = Object.hasOwn(facts, name) ? facts[name] : undefined;
  if (value === undefined)
    throw new TypeError(`no fact {${name}}; there are ${Object.keys(facts).join(', ')}`);
  return value;
}
