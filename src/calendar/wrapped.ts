/** Fits the usual terminal and a pasted comment alike. */
const WIDTH = 100;

/**
 * The text in lines of at most 100 columns, the first one after `head`, the others as deep as it. A word that is
 * longer than a line is left whole: links break when they are cut. Pure.
 */
export function wrapped(head: string, text: string): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && head.length + line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].map((each, index) => (index === 0 ? head : ' '.repeat(head.length)) + each);
}
