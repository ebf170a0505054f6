/** A line that is for us, as the words of a command. */
const LOG = /^!log(?=\s|$)\s*/i;

/**
 * What a line of a channel asks of us: `!switchdc WORDS` and `!log MESSAGE`; undefined for lines among people. What
 * follows `!log` is taken as it was typed. Pure.
 */
export function addressed(line: string, prefix: string): string | undefined {
  const text = line.trim();
  const log = LOG.exec(text);
  if (log) return `log -- ${text.slice(log[0].length)}`;
  if (!text.toLowerCase().startsWith(prefix.toLowerCase())) return undefined;
  const after = text.slice(prefix.length);
  return /^(?:[:,]?\s|[:,]?$)/.test(after) ? after.replace(/^[:,]/, '').trim() : undefined;
}
