import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { webMethods } from '../../../lab/slack/web-methods.js';
import { message, say } from '../../../src/chat/message.js';
import { slackNeeds } from '../../../src/chat/slack/needs.js';
import { instant } from '../../../src/domain/instant.js';
import { eventually } from '../../support/eventually.js';
import { operationsChannel, withSlack } from './support.js';

interface Manifest {
  readonly features: {
    readonly slash_commands: readonly { readonly command: string; readonly should_escape: boolean }[];
  };
  readonly oauth_config: { readonly scopes: { readonly bot: readonly string[] } };
  readonly settings: {
    readonly event_subscriptions: { readonly bot_events: readonly string[] };
    readonly interactivity: { readonly is_enabled: boolean };
    readonly socket_mode_enabled: boolean;
    readonly token_rotation_enabled: boolean;
  };
}

const file = path.resolve(import.meta.dirname, '../../../docs/slack-app-manifest.yaml');
const manifest = parse(readFileSync(file, 'utf8')) as Manifest;

test('the manifest asks for what the code uses, and for nothing else', () => {
  expect([...manifest.oauth_config.scopes.bot].sort()).toEqual([...slackNeeds.botScopes].sort());
  expect([...manifest.settings.event_subscriptions.bot_events].sort()).toEqual(
    [...slackNeeds.botEvents].sort(),
  );
  expect(manifest.features.slash_commands).toMatchObject([
    { command: slackNeeds.slashCommand, should_escape: true },
  ]);
  expect(manifest.settings).toMatchObject({
    interactivity: { is_enabled: true },
    socket_mode_enabled: true,
    token_rotation_enabled: false,
  });
});

/** Scopes that let Slack deliver something, rather than letting us ask for it. */
const deliveries = ['app_mentions:read', 'commands'];

test('every scope of the manifest is used by a call, and every method that is called exists', () =>
  withSlack(
    async ({ slack, operations, open }) => {
      const here = await open();
      await here.connected();
      const alice = slack.person('alice');
      const secret = slack.channel('secret', 'private');
      alice.commands(operations, '/switchdc', 'next');
      await here.next();
      const question = message('plain', { kind: 'choices', choices: [{ label: 'GO', command: 'go' }] });
      const ref = await here.chat.send(operationsChannel, question, 'k');
      await here.chat.revise(ref, say('settled'));
      alice.clicksRaw(operations, slack.world.message(operations, ref.id)!, { action_id: 'x', value: 'x' });
      const direct = await here.chat.directTo({ kind: 'slack', team: 'T0FARM', user: 'U0ALICE' });
      await here.chat.send(operationsChannel, say('below'), 'below', { message: ref, broadcast: false });
      for (const channel of ['#operations', secret, direct!.channel])
        await here.chat.findSent({ platform: 'slack', channel }, 'k', instant(0));
      await here.chat.findSent(operationsChannel, 'below', instant(0));
      await eventually(
        () => slack.web.calls.some(({ method }) => method === 'chat.postEphemeral'),
        'a whisper',
      );
      const used = [...slack.web.scopesUsed, ...deliveries].sort();
      expect(used).toEqual([...manifest.oauth_config.scopes.bot].sort());
      const called = new Set(slack.web.calls.map(({ method }) => method));
      expect([...called].sort()).toEqual([...Object.keys(webMethods), 'apps.connections.open'].sort());
      expect(slack.web.calls.filter(({ answered }) => answered !== 'ok')).toEqual([]);
    },
    { scopes: manifest.oauth_config.scopes.bot },
  ));
