import type { Command } from '../src/chat/command.js';
import type { Runner } from '../src/runner/runner.js';
import { voteCommand } from './vote.js';

export const deny = (runner: Runner): Command<unknown> =>
  voteCommand(runner, {
    words: ['deny'],
    summary: 'deny the request for a run; it ends there',
    example: 'deny 41 not during the release',
    requires: 'approve',
    verdict: 'nogo',
    on: 'request',
  });
