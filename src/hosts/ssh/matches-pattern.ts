/**
 * Whether a host name fits a pattern of OpenSSH's: `*` stands for any characters, `?` for one; letters count as their
 * lower case. Never slower than the product of the two lengths. Pure.
 */
export function matchesPattern(name: string, pattern: string): boolean {
  const text = name.toLowerCase();
  const wanted = pattern.toLowerCase();
  let at = 0;
  let next = 0;
  /** Where the last `*` stands, and how much of the name it has taken so far. */
  let star = -1;
  let taken = 0;
  while (at < text.length) {
    if (wanted[next] === '*') {
      star = next;
      taken = at;
      next += 1;
    } else if (wanted[next] === '?' || wanted[next] === text[at]) {
      at += 1;
      next += 1;
    } else if (star >= 0) {
      taken += 1;
      at = taken;
      next = star + 1;
    } else return false;
  }
  return /^\**$/.test(wanted.slice(next));
}
