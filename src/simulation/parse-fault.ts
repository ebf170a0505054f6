import { SECOND } from '../domain/instant.js';
import { datacenter, section } from '../domain/names.js';
import { closest } from '../domain/suggest.js';
import { listed } from '../domain/text.js';
import { type Fault, faultSubject } from './fault.js';

/** The names that may be broken. */
export interface FaultWords {
  readonly hosts: readonly string[];
  readonly commands: readonly string[];
  readonly sections: readonly string[];
  readonly datacenters: readonly string[];
  readonly appServers: readonly string[];
  readonly dnsServers: readonly string[];
}

export type FaultRequest =
  | { readonly do: 'list' }
  | { readonly do: 'cause'; readonly fault: Fault }
  /** Everything where `subject` is left out. */
  | { readonly do: 'clear'; readonly subject?: string };

export type ParsedFault =
  | { readonly ok: true; readonly request: FaultRequest }
  | { readonly ok: false; readonly problem: string; readonly needed: string };

/** What can be said after `/fault`, one line each. */
export const faultUsage: readonly string[] = [
  'host HOST unreachable',
  'command NAME failing',
  'replication SECTION [DATACENTER] stuck',
  'database SECTION DATACENTER down',
  'appserver HOST stuck',
  'dns SERVER stuck',
  'dns SERVER down',
  'store unavailable',
  'store answer-lost',
  'disk slow 500ms',
  '… clear',
  'clear',
];

interface Form {
  /** Between the first word and the last: each with the words that it may be. */
  readonly names: (words: FaultWords) => readonly (readonly string[])[];
  /** Names at the end that may be left out. */
  readonly optional?: number;
  readonly conditions: Readonly<Record<string, (...names: (string | undefined)[]) => Fault>>;
}

const forms: Readonly<Record<string, Form>> = {
  host: {
    names: ({ hosts }) => [hosts],
    conditions: { unreachable: (host = '') => ({ kind: 'host-unreachable', host }) },
  },
  command: {
    names: ({ commands }) => [commands],
    conditions: { failing: (command = '') => ({ kind: 'command-failing', command }) },
  },
  replication: {
    names: ({ sections, datacenters }) => [sections, datacenters],
    optional: 1,
    conditions: {
      stuck: (name = '', dc) => ({
        kind: 'replication-stuck',
        section: section(name),
        ...(dc === undefined ? {} : { datacenter: datacenter(dc) }),
      }),
    },
  },
  database: {
    names: ({ sections, datacenters }) => [sections, datacenters],
    conditions: {
      down: (name = '', dc = '') => ({
        kind: 'database-down',
        section: section(name),
        datacenter: datacenter(dc),
      }),
    },
  },
  appserver: {
    names: ({ appServers }) => [appServers],
    conditions: { stuck: (server = '') => ({ kind: 'app-server-stuck', server }) },
  },
  dns: {
    names: ({ dnsServers }) => [dnsServers],
    conditions: {
      stuck: (server = '') => ({ kind: 'dns-server-stuck', server }),
      down: (server = '') => ({ kind: 'dns-server-down', server }),
    },
  },
  store: {
    names: () => [],
    conditions: {
      unavailable: () => ({ kind: 'store-unavailable' }),
      'answer-lost': () => ({ kind: 'store-answer-lost' }),
    },
  },
};

/** Reads the words after `/fault`. Pure; a mistake is a value that says what was meant, as far as it can be told. */
export function parseFault(typed: readonly string[], words: FaultWords): ParsedFault {
  const [what, ...rest] = typed.map((word) => word.slice(0, 200));
  if (what === undefined || what === 'list') return { ok: true, request: { do: 'list' } };
  if (what === 'clear' && rest.length === 0) return { ok: true, request: { do: 'clear' } };
  if (what === 'disk') return parseDisk(rest);
  const form = Object.hasOwn(forms, what) ? forms[what] : undefined;
  if (form === undefined)
    return mistake(`"${what}" cannot be broken`, what, [...Object.keys(forms), 'disk', 'clear']);
  return parseForm(what, form, rest, words);
}

function parseForm(what: string, form: Form, rest: readonly string[], words: FaultWords): ParsedFault {
  const names = rest.slice(0, -1);
  const condition = rest.at(-1);
  const wanted = form.names(words);
  for (const [index, name] of names.entries()) {
    const choices = wanted[index];
    if (choices === undefined) return mistake(`"${name}" is one word too many`, undefined, usageOf(what));
    if (!choices.includes(name)) return mistake(`"${name}" is not known here`, name, choices);
  }
  const conditions = [...Object.keys(form.conditions), 'clear'];
  if (names.length < wanted.length - (form.optional ?? 0) || condition === undefined)
    return mistake(`a word is missing after "${[what, ...names].join(' ')}"`, condition, usageOf(what));
  const make = Object.hasOwn(form.conditions, condition) ? form.conditions[condition] : undefined;
  if (make !== undefined) return { ok: true, request: { do: 'cause', fault: make(...names) } };
  const any = Object.values(form.conditions)[0];
  if (condition === 'clear' && any)
    return { ok: true, request: { do: 'clear', subject: faultSubject(any(...names)) } };
  return mistake(`"${condition}" is not what can happen to it`, condition, conditions);
}

function parseDisk(rest: readonly string[]): ParsedFault {
  if (rest.length === 1 && rest[0] === 'clear')
    return { ok: true, request: { do: 'clear', subject: 'disk' } };
  const match = /^(\d{1,6})(ms|s)$/.exec(rest[1] ?? '');
  if (rest[0] !== 'slow' || rest.length !== 2 || match === null)
    return mistake('a slow disk needs how slow it is', undefined, usageOf('disk'));
  const delay = Number(match[1]) * (match[2] === 's' ? SECOND : 1);
  return { ok: true, request: { do: 'cause', fault: { kind: 'disk-slow', delay } } };
}

function usageOf(what: string): string[] {
  const lines = faultUsage.filter((line) => line.startsWith(`${what} `));
  return [...lines, `${what} … clear`];
}

function mistake(problem: string, typed: string | undefined, choices: readonly string[]): ParsedFault {
  const meant = typed === undefined ? undefined : closest(typed, choices);
  const shown = choices.length > 12 ? [...choices.slice(0, 12), '…'] : choices;
  return {
    ok: false,
    problem: meant === undefined ? problem : `${problem}; did you mean "${meant}"?`,
    needed: listed(shown, 'or'),
  };
}
