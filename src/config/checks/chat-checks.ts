import { isLoopback } from '../../access/loopback.js';
import { folded } from '../../chat/irc-names.js';
import { parseLengthOfTime } from '../length-of-time.js';
import { keyMisfit, type Misfit, misfitAt } from '../misfit.js';
import { type Raw, elementsAt, rawAt } from '../raw.js';
import { USUAL_ROLL_CALL } from '../schema/chat-section.js';

const IRC = ['connections', 'irc'];
const SLACK = ['connections', 'slack'];

/** Every chat that a destination is on is reached somehow, and what goes there can be kept secret. Pure. */
export function chatChecks(raw: Raw): readonly Misfit[] {
  const on = (platform: string) =>
    elementsAt(raw, ['chat', 'destinations']).filter(({ value }) => rawAt(value, ['platform']) === platform);
  return [
    ...(on('irc').length > 0 && rawAt(raw, IRC) === undefined
      ? [misfitAt(raw, IRC, 'how the IRC server is reached, since a destination is there')]
      : []),
    ...(on('slack').length > 0 && rawAt(raw, SLACK) === undefined
      ? [misfitAt(raw, SLACK, 'how Slack is reached, since a destination is there')]
      : []),
    ...on('irc').flatMap(({ path, value }) => {
      const channel = rawAt(value, ['channel']);
      return typeof channel !== 'string' || /^[#&+!]/.test(channel)
        ? []
        : [misfitAt(raw, [...path, 'channel'], 'a channel of IRC, such as "#operations"')];
    }),
    ...on('slack').flatMap(({ path, value }) => slackChannel(raw, path, rawAt(value, ['channel']))),
    ...ircChecks(raw),
    ...rollCallChecks(raw),
  ];
}

/** Slack's channels go by ids; the names of the configuration are ours. */
function slackChannel(raw: Raw, path: readonly (string | number)[], channel: Raw): readonly Misfit[] {
  const known = rawAt(raw, [...SLACK, 'channels']);
  if (typeof channel !== 'string' || typeof known !== 'object' || known === null) return [];
  if (Object.hasOwn(known, channel)) return [];
  const names = Object.keys(known);
  const expected = `a channel that connections.slack.channels gives the id of: ${names.join(', ')}`;
  return [misfitAt(raw, [...path, 'channel'], expected, names)];
}

function ircChecks(raw: Raw): readonly Misfit[] {
  if (rawAt(raw, IRC) === undefined) return [];
  const has = (...path: string[]): boolean => rawAt(raw, [...IRC, ...path]) !== undefined;
  const server = rawAt(raw, [...IRC, 'server']);
  const inTheClear = !has('tls') && typeof server === 'string' && !isLoopback(server);
  const mechanism = rawAt(raw, [...IRC, 'login', 'mechanism']);
  const misfit = (path: string[], expected: string): Misfit => misfitAt(raw, [...IRC, ...path], expected);
  return [
    ...(inTheClear && (has('login') || has('serverPassword') || has('channelKeys'))
      ? [misfit(['tls'], 'TLS: a password is not sent in the clear to another machine')]
      : []),
    ...channelKeyChecks(raw),
    ...(has('tls', 'certificate') !== has('tls', 'key')
      ? [misfit(['tls'], 'certificate and key together, or neither')]
      : []),
    ...(mechanism === 'PLAIN' && !has('login', 'password')
      ? [misfit(['login', 'password'], 'the password of the account, which PLAIN needs')]
      : []),
    ...(mechanism === 'EXTERNAL' && !has('tls', 'certificate')
      ? [misfit(['tls', 'certificate'], 'a certificate, which EXTERNAL logs in with')]
      : []),
  ];
}

/** A key is of a channel that the bot is in, or nobody would see that its name is written wrong. */
function channelKeyChecks(raw: Raw): readonly Misfit[] {
  const keys = rawAt(raw, [...IRC, 'channelKeys']);
  const told = elementsAt(raw, ['chat', 'destinations'])
    .filter(({ value }) => rawAt(value, ['platform']) === 'irc')
    .map(({ value }) => String(rawAt(value, ['channel'])));
  if (typeof keys !== 'object' || keys === null || told.length === 0) return [];
  const known = new Set(told.map(folded));
  const expected = `a channel that a destination on IRC names: ${told.join(', ')}`;
  return Object.keys(keys)
    .filter((channel) => !known.has(folded(channel)))
    .map((channel) =>
      keyMisfit([...IRC, 'channelKeys', channel], 'a channel that the bot is not in', expected, told),
    );
}

const ROLL_CALL = ['remindAfter', 'mentionAfter', 'directAfter'] as const;

/** Each time louder, so each time later. */
function rollCallChecks(raw: Raw): readonly Misfit[] {
  const parsed = ROLL_CALL.map((key) => ({ key, length: lengthAt(raw, key) }));
  return parsed.flatMap(({ key, length }, index) => {
    const before = parsed[index - 1];
    if (length === undefined || before?.length === undefined || length > before.length) return [];
    return [misfitAt(raw, ['chat', 'rollCall', key], `longer than ${before.key}`)];
  });
}

function lengthAt(raw: Raw, key: (typeof ROLL_CALL)[number]): number | undefined {
  const written = rawAt(raw, ['chat', 'rollCall', key]);
  const text = written === undefined ? USUAL_ROLL_CALL[key] : written;
  return typeof text === 'string' ? parseLengthOfTime(text) : undefined;
}
