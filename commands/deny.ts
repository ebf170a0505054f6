import type { Command } from '../src/chat/command.js';
import type { Runner } from '../src/runner/runner.js';
import { voteCommand } from './vote.js';

export const deny = (runner: Runner): Command<unknown> =>
  voteCommand(runner, {
    words: ['deny'],
    tried: ['reject', 'decline', 'no'],
    summary: 'deny the request for a run; it goes on hold until somebody resumes or aborts it',
    example: 'deny 41 not during the release',
    requires: 'approve',
    verdict: 'nogo',
    on: 'request',
  });
