/** A channel that a message may be sent to. Without spaces, commas and controls: those would be other targets. Pure. */
export function isChannel(name: string): boolean {
  return /^[#&+!][^\s,\u0000-\u0020\u007f:]{1,63}$/u.test(name);
}

/** A nick that a message may be sent to. Pure. */
export function isNick(name: string): boolean {
  return /^[A-Za-z[\]\\`_^{|}][A-Za-z0-9[\]\\`_^{|}-]{0,49}$/.test(name);
}

/** What may be the key of a channel: it is one word of a line, and no list of words. Pure. */
export function isChannelKey(key: string): boolean {
  return /^[^\s,:\u0000-\u0020\u007f-\uffff][^\s,\u0000-\u0020\u007f-\uffff]{0,49}$/.test(key);
}

/** One spelling for one channel or nick, as RFC 1459 folds them. For finding, never for access. Pure. */
export function folded(name: string): string {
  return name.replace(/[A-Z[\]\\^]/g, (one) => LOWER[one] ?? one.toLowerCase());
}

const LOWER: Readonly<Record<string, string>> = { '[': '{', ']': '}', '\\': '|', '^': '~' };
