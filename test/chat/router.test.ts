import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { identityText, type Person } from '../../src/access/person.js';
import type { Call, Command, Reply } from '../../src/chat/command.js';
import { noArguments } from '../../src/chat/grammar.js';
import { say, spanText } from '../../src/chat/message.js';
import type { IncomingMessage } from '../../src/chat/platform.js';
import { openRegistry } from '../../src/chat/registry.js';
import { answered } from '../../src/chat/reply.js';
import { explainIncident, type Incident, openRouter, type Router } from '../../src/chat/router.js';
import { SwitchdcError, type Retry } from '../../src/domain/errors.js';
import { instant } from '../../src/domain/instant.js';
import { person, role } from '../../src/domain/names.js';
import { virtualClock } from '../support/virtual-clock.js';
import { command, findGrammar, goGrammar, logGrammar } from './support.js';

class Broken extends SwitchdcError {
  constructor(readonly retry: Retry) {
    super('the store does not answer', { cause: new Error('password=hunter2') });
  }
}

interface House {
  readonly router: Router;
  readonly incidents: Incident[];
  readonly calls: Call[];
}

function house(commands: readonly Command<unknown>[] = [], report?: (incident: Incident) => void): House {
  const incidents: Incident[] = [];
  const calls: Call[] = [];
  const alice: Person = {
    name: person('alice'),
    roles: [role('operator')],
    identities: [{ kind: 'irc', account: 'alice' }],
  };
  const registry = openRegistry([
    command('help', noArguments, { example: 'help' }),
    command('go', goGrammar, { example: 'go 1', requires: 'answer', writes: true }),
    command('log', logGrammar, { example: 'log x', requires: 'log', writes: true }),
    command('where', noArguments, {
      example: 'where',
      run: async (_args, call): Promise<Reply> => {
        calls.push(call);
        return answered(say('here'), null);
      },
    }),
    ...commands,
  ]);
  const router = openRouter({
    registry,
    prefix: '!switchdc',
    clock: virtualClock(instant(1_000)),
    personOf: (identity) =>
      identity !== undefined && identityText(identity) === 'irc:alice' ? alice : undefined,
    authorise: (who, requires) =>
      requires === 'anyone' || who !== undefined ? { ok: true } : { ok: false, refusal: 'you may only look' },
    newIncident: () => `i${incidents.length + 1}`,
    report: report ?? ((incident) => incidents.push(incident)),
  });
  return { router, incidents, calls };
}

const incoming = (text: string, account: string | null = 'alice'): IncomingMessage => ({
  id: '17',
  from: { platform: 'irc', channel: '#ops' },
  sender: account === null ? undefined : { kind: 'irc', account },
  calledThere: 'alice_',
  text,
  at: instant(0),
});

const cli = { identity: undefined, chat: 'cli', messageId: 'cli/1' };

function text(reply: Reply | undefined): string {
  return (reply?.message.blocks ?? [])
    .map((block) => (block.kind === 'paragraph' ? spanText(block.spans) : block.kind))
    .join('|');
}

describe('lines of a channel', () => {
  test.each([
    ['!switchdc go 41', '{"run":41}'],
    ['!SwitchDC: go 41', '{"run":41}'],
    ['  !switchdc, go 41  ', '{"run":41}'],
  ])('%s is for us', async (line, args) => {
    expect((await house().router.route(incoming(line)))?.data).toEqual({ go: args });
  });

  test.each([['go 41'], ['hello !switchdc go 41'], ['!switchdcs go 41'], ['!logs x'], ['!other'], ['']])(
    '%s is not, and gets no reply',
    async (line) => {
      expect(await house().router.route(incoming(line))).toBeUndefined();
    },
  );

  test('!log takes the message as it was typed', async () => {
    const { router } = house();
    const logged = async (line: string): Promise<unknown> => (await router.route(incoming(line)))?.data;
    expect(await logged(`!log  it's "back" --quiet `)).toEqual({
      log: JSON.stringify({ message: `it's "back" --quiet`, quiet: false }),
    });
    expect(text(await router.route(incoming('!log')))).toBe(
      'MESSAGE is missing: what you did. Usage: log [--quiet] MESSAGE',
    );
  });

  test('the prefix alone asks for help', async () => {
    expect((await house().router.route(incoming('!switchdc')))?.data).toEqual({ help: '{}' });
  });

  test('the command is told who said what, where and when', async () => {
    const { router, calls } = house();
    await router.route(incoming('!switchdc where'));
    await router.route(incoming('!switchdc where', 'mallory'));
    await router.answer('where', cli);
    expect(calls).toMatchObject([
      {
        person: { name: 'alice' },
        said: { person: 'alice', identity: 'irc:alice', chat: 'irc/#ops', message: 'irc/#ops/17' },
        chat: 'irc/#ops',
        messageId: 'irc/#ops/17',
        now: 1_000,
      },
      { person: undefined, said: undefined, identity: { kind: 'irc', account: 'mallory' } },
      { person: undefined, said: undefined, identity: undefined, chat: 'cli' },
    ]);
  });
});

describe('access', () => {
  test('somebody unknown may look, and change nothing', async () => {
    const { router } = house();
    const reply = await router.route(incoming('!switchdc go 41', 'mallory'));
    expect([reply?.status, text(reply)]).toEqual(['refused', 'You may only look.']);
    expect((await router.route(incoming('!switchdc where', null)))?.status).toBe('ok');
  });

  test('how a command is written is told to everybody', async () => {
    expect(text(await house().router.answer('go --help', cli))).toContain('Usage: go RUN [NOTE]');
  });
});

describe('what goes wrong inside', () => {
  const failing = (thrown: unknown): Command<unknown> =>
    command('boom', noArguments, {
      example: 'boom',
      run: () => {
        throw thrown;
      },
    });

  test('a broken world is said in its own words, without its causes', async () => {
    const { router, incidents } = house([failing(new Broken('safe'))]);
    const reply = await router.answer('boom', cli);
    expect([reply.status, text(reply)]).toEqual([
      'unavailable',
      'The store does not answer. Nothing was done; the same may be tried again. The log has the details under incident i1.',
    ]);
    expect(JSON.stringify(reply)).not.toContain('hunter2');
    expect(incidents.map(explainIncident)).toEqual([
      'incident i1: "boom" of somebody unknown failed: the store does not answer: password=hunter2',
    ]);
  });

  test.each([
    ['after-check', 'It may or may not have been done: look before you try again.'],
    ['never', 'The store does not answer. The log'],
  ] as const)('what may be done after it is said: %s', async (retry, advice) => {
    const reply = await house([failing(new Broken(retry))]).router.answer('boom', cli);
    expect([reply.status, text(reply)]).toEqual(['failed', expect.stringContaining(advice)]);
  });

  test.each([[new Error('secret')], ['secret'], [undefined], [null], [{ text: 'secret' }]])(
    'anything else that is thrown (%j) is an incident and no more',
    async (thrown) => {
      const { router, incidents } = house([failing(thrown)]);
      const reply = await router.answer('boom', cli);
      expect(reply.status).toBe('failed');
      expect(text(reply)).toBe(
        'Something unexpected went wrong inside. The log has the details under incident i1.',
      );
      expect(incidents).toMatchObject([{ id: 'i1', command: 'boom' }]);
    },
  );

  test('a log that cannot be written does not take the answer away', async () => {
    const { router } = house([failing(new Error('x'))], () => {
      throw new Error('disk full');
    });
    expect((await router.answer('boom', cli)).status).toBe('failed');
  });
});

test('any line of a channel gets one reply or none, and nothing is thrown', async () => {
  const { router } = house([command('find', findGrammar, { example: 'find x' })]);
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('', '!switchdc ', '!log ', '!switchdc find ', '!switchdc go '),
      fc.string({ unit: 'binary', maxLength: 500 }),
      async (prefix, rest) => {
        const reply = await router.route(incoming(prefix + rest));
        if (reply !== undefined) expect(reply.message.blocks.length).toBeGreaterThan(0);
        if (prefix !== '') expect(reply?.status).toMatch(/ok|mistake/);
      },
    ),
  );
});
