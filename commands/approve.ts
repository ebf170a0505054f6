import type { Command } from '../src/chat/command.js';
import type { Runner } from '../src/runner/runner.js';
import { voteCommand } from './vote.js';

export const approve = (runner: Runner): Command<unknown> =>
  voteCommand(runner, {
    words: ['approve'],
    tried: ['accept', 'yes'],
    summary: 'approve the request for a run',
    example: 'approve 41',
    requires: 'approve',
    verdict: 'go',
    on: 'request',
  });
