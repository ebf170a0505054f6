import type { Command } from '../src/chat/command.js';
import type { Runner } from '../src/runner/runner.js';
import { voteCommand } from './vote.js';

export const go = (runner: Runner): Command<unknown> =>
  voteCommand(runner, {
    words: ['go'],
    summary: 'say GO at the gate that is open',
    example: 'go 41',
    requires: 'answer',
    verdict: 'go',
    on: 'gate',
  });
