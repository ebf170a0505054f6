import type { Command } from '../src/chat/command.js';
import type { Runner } from '../src/runner/runner.js';
import { voteCommand } from './vote.js';

export const nogo = (runner: Runner): Command<unknown> =>
  voteCommand(runner, {
    words: ['nogo'],
    summary: 'say NOGO at the gate that is open; the run goes on hold',
    example: 'nogo 41 replication of s4 lags',
    requires: 'answer',
    verdict: 'nogo',
    on: 'gate',
  });
